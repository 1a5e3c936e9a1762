// One decode step of ChatGLM-6B on a GPU, for 1 to 8 rows: linear layers over int4, int8 and fp16 weights,
// attention with rotary and the cache, residual and LayerNorm. fp16 in and out, fp32 in between.
//
// Decoding reads every weight once a step, so the linear kernel is made for the memory bus. A warp has ROWS * UNROLL
// 16-byte loads a lane under way, 4 KB; an SM wants latency * bandwidth / SMs, 5 KB on an RTX 3060 to 16 KB on an H100,
// so four warps of its 24 to 48 resident ones fill it. What keeps that many resident: at most 32 KB of shared memory a
// block and 64 to 128 registers a thread. Arithmetic must not become the limit: by the SASS for sm_86 an int4 weight costs
// 4.6 instructions at one row, where an SM may spend 5 (A100) to 10 (RTX 3090) in the time a weight takes to arrive: half
// a LOP3 and half an HFMA2 to unpack, a conversion of its own and half of one for the activation that two weights share,
// an FFMA, and 1.1 for loads, addresses and the activations' way through shared memory. A row more costs 1.6.

#ifdef __CUDACC__
#define DEVICE static __device__ __forceinline__
typedef unsigned short half_t;  // NVRTC alone, as pip brings it, has no cuda_fp16.h

DEVICE float to_float(half_t value) {
    float wide;
    asm("cvt.f32.f16 %0, %1;" : "=f"(wide) : "h"(value));
    return wide;
}

DEVICE half_t to_half(float value) {
    half_t narrow;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(narrow) : "f"(value));
    return narrow;
}

// a * b + c on two halves each.
DEVICE unsigned fma_pair(unsigned a, unsigned b, unsigned c) {
    unsigned result;
    asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(c));
    return result;
}

// word & mask ^ flip in one LOP3: left to itself the compiler takes two, because both constants are immediates.
DEVICE unsigned mask_and_flip(unsigned word, unsigned mask, unsigned flip) {
    unsigned result;
    asm("lop3.b32 %0, %1, %2, %3, 0x6A;" : "=r"(result) : "r"(word), "r"(mask), "r"(flip));
    return result;
}

// Weights are read once and must not evict the activations from L1. Volatile keeps a load before the barrier that
// follows it.
DEVICE uint4 load_once(const uint4* from) {
    uint4 value;
#if __CUDA_ARCH__ >= 700
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
        : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w) : "l"(from));
#else
    value = __ldg(from);
#endif
    return value;
}
#endif

constexpr int WARP = 32;
constexpr unsigned ALL = 0xFFFFFFFFu;

DEVICE void to_floats(unsigned pair, float& low, float& high) {
    low = to_float(static_cast<half_t>(pair));
    high = to_float(static_cast<half_t>(pair >> 16));
}

DEVICE unsigned to_pair(float low, float high) {
    return static_cast<unsigned>(to_half(low)) | static_cast<unsigned>(to_half(high)) << 16;
}

DEVICE void to_floats(const uint4& packed, float (&out)[8]) {
    to_floats(packed.x, out[0], out[1]);
    to_floats(packed.y, out[2], out[3]);
    to_floats(packed.z, out[4], out[5]);
    to_floats(packed.w, out[6], out[7]);
}

DEVICE uint4 to_halves(const float (&values)[8]) {
    return make_uint4(to_pair(values[0], values[1]), to_pair(values[2], values[3]),
                      to_pair(values[4], values[5]), to_pair(values[6], values[7]));
}

// sm_61 (GTX 10) computes halves at 1/64 of the speed of floats; sm_60, and all from sm_70 on, at twice that speed.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ == 610
#define UNPACK_BY_FLOATS
#endif

// Eight int4 weights of one word. Byte j has column 2j in its high nibble and 2j + 1 in its low one, both signed: q + 8
// with the sign bit flipped. Bits set in a number's mantissa are a mask instead of a conversion, and exact; the mask and
// the flip are one instruction.
#ifdef UNPACK_BY_FLOATS
// The nibble at bit `at`, up to 16: 0x4B000000 | n is the float 2^23 + n.
DEVICE float nibble(unsigned word, int at) {
    const float unit = static_cast<float>(1 << at);
    return __uint_as_float(mask_and_flip(word, 15u << at, 0x4B000000u | 8u << at)) * (1.0f / unit) -
           (8388608.0f / unit + 8.0f);
}

DEVICE void unpack_int4(unsigned word, float (&out)[8]) {
    const unsigned high = word >> 16;
    out[0] = nibble(word, 4), out[1] = nibble(word, 0), out[2] = nibble(word, 12), out[3] = nibble(word, 8);
    out[4] = nibble(high, 4), out[5] = nibble(word, 16), out[6] = nibble(high, 12), out[7] = nibble(high, 8);
}

// Four int8 weights of one word.
DEVICE void unpack_int8(unsigned word, float* out) {
    word ^= 0x80808080u;  // q + 128
#pragma unroll
    for (int j = 0; j < 4; ++j) {
        out[j] = __uint_as_float(__byte_perm(word, 0x4B000000u, 0x7650 + j)) - (8388608.0f + 128.0f);
    }
}
#else
// Two nibbles at once: 0x6400 | n is the half 1024 + n.
DEVICE void unpack_int4(unsigned word, float (&out)[8]) {
    const unsigned low_bits = 0x000F000Fu, low_magic = 0x64086408u, high_bits = 0x00F000F0u, high_magic = 0x64806480u;
    const unsigned next = word >> 8;
    const unsigned one = 0x3C003C00u, minus_1032 = 0xE408E408u, sixteenth = 0x2C002C00u, minus_72 = 0xD480D480u;
    to_floats(fma_pair(mask_and_flip(word, high_bits, high_magic), sixteenth, minus_72), out[0], out[4]);
    to_floats(fma_pair(mask_and_flip(word, low_bits, low_magic), one, minus_1032), out[1], out[5]);
    to_floats(fma_pair(mask_and_flip(next, high_bits, high_magic), sixteenth, minus_72), out[2], out[6]);
    to_floats(fma_pair(mask_and_flip(next, low_bits, low_magic), one, minus_1032), out[3], out[7]);
}

// Four int8 weights of one word.
DEVICE void unpack_int8(unsigned word, float* out) {
    const unsigned magic = 0x64646464u, one = 0x3C003C00u, minus_1152 = 0xE480E480u;
    word ^= 0x80808080u;  // q + 128
    to_floats(fma_pair(__byte_perm(word, magic, 0x4140), one, minus_1152), out[0], out[1]);
    to_floats(fma_pair(__byte_perm(word, magic, 0x4342), one, minus_1152), out[2], out[3]);
}
#endif

// Eight weights, the `part`-th of a 16-byte load.
template <int BITS>
DEVICE void unpack(const uint4& load, int part, float (&out)[8]) {
    if constexpr (BITS == 4) {
        unpack_int4(part == 0 ? load.x : part == 1 ? load.y : part == 2 ? load.z : load.w, out);
    } else if constexpr (BITS == 8) {
        unpack_int8(part == 0 ? load.x : load.z, out);
        unpack_int8(part == 0 ? load.y : load.w, out + 4);
    } else {
        to_floats(load, out);
    }
}

DEVICE float sum_of_warp(float value) {
    for (int distance = WARP / 2; distance; distance >>= 1) value += __shfl_xor_sync(ALL, value, distance);
    return value;
}

// GELU's tanh approximation, of a value that was rounded to half as the reference's is.
DEVICE float gelu_of(float x) {
    return 0.5f * x * (1.0f + tanhf(0.7978845608028654f * (x + 0.044715f * x * x * x)));
}

constexpr int LINEAR_WARPS = 8;
constexpr int ROWS = 2;

// out (batch, outputs) = states (batch, inputs) @ (weight * scale).T + bias, then GELU if asked.
// weight (outputs, inputs) in the official format; scale (outputs), null for fp16; bias (outputs) or null.
// Each warp has ROWS rows of the weight. Activations wait in shared memory a slice at a time, in the order in which the
// lanes need them: a lane's load covers 8 * PARTS columns, so chunk c of 8 columns lies at part c % PARTS, lane
// c / PARTS, which keeps the banks free of conflicts. The first loads of a slice are issued before its barrier.
template <int BITS, int BATCH>
DEVICE void multiply(const uint4* __restrict__ weight, const half_t* __restrict__ scale,
                     const half_t* __restrict__ bias, const half_t* __restrict__ states, half_t* __restrict__ out,
                     int inputs, int outputs, int batch, int gelu) {
    constexpr int PER_LOAD = 128 / BITS, PARTS = PER_LOAD / 8, TILE = WARP * PER_LOAD;
    constexpr int SLICE = BATCH > 4 ? 2048 : 4096;
    constexpr int UNROLL = SLICE / TILE < 4 ? SLICE / TILE : 4;
    __shared__ uint4 staged[BATCH][SLICE / 8];
    const int lane = threadIdx.x % WARP;
    const int first = (blockIdx.x * LINEAR_WARPS + threadIdx.x / WARP) * ROWS;
    const int loads = inputs / PER_LOAD;
    const uint4* rows[ROWS];
#pragma unroll
    for (int r = 0; r < ROWS; ++r) rows[r] = weight + static_cast<size_t>(min(first + r, outputs - 1)) * loads;
    float sums[ROWS][BATCH] = {};
    for (int base = 0; base < inputs; base += UNROLL * TILE) {
        uint4 loaded[ROWS][UNROLL];
#pragma unroll
        for (int u = 0; u < UNROLL; ++u) {
            const int at = base / PER_LOAD + u * WARP + lane;
#pragma unroll
            for (int r = 0; r < ROWS; ++r) loaded[r][u] = at < loads ? load_once(rows[r] + at) : make_uint4(0, 0, 0, 0);
        }
        if (base % SLICE == 0) {
            __syncthreads();
            for (int at = threadIdx.x; at < BATCH * (SLICE / 8); at += LINEAR_WARPS * WARP) {
                const int b = at / (SLICE / 8), chunk = at % (SLICE / 8), column = base + chunk * 8;
                const int inside = chunk % (TILE / 8);
                const int place = chunk - inside + inside % PARTS * WARP + inside / PARTS;
                const bool there = b < batch && column < inputs;
                staged[b][place] = there ? *reinterpret_cast<const uint4*>(states + static_cast<size_t>(b) * inputs + column)
                                         : make_uint4(0, 0, 0, 0);
            }
            __syncthreads();
        }
#pragma unroll
        for (int u = 0; u < UNROLL; ++u) {
#pragma unroll
            for (int part = 0; part < PARTS; ++part) {
                float weights[ROWS][8];
#pragma unroll
                for (int r = 0; r < ROWS; ++r) unpack<BITS>(loaded[r][u], part, weights[r]);
                const int place = base % SLICE / 8 + (u * PARTS + part) * WARP + lane;
#pragma unroll
                for (int b = 0; b < BATCH; ++b) {
                    float x[8];
                    to_floats(staged[b][place], x);
#pragma unroll
                    for (int r = 0; r < ROWS; ++r) {
#pragma unroll
                        for (int i = 0; i < 8; ++i) sums[r][b] += weights[r][i] * x[i];
                    }
                }
            }
        }
    }
#pragma unroll
    for (int r = 0; r < ROWS; ++r) {
#pragma unroll
        for (int b = 0; b < BATCH; ++b) {
            const float sum = sum_of_warp(sums[r][b]);
            const int row = first + r;
            if (lane != r * BATCH + b || row >= outputs || b >= batch) continue;
            float value = scale ? sum * to_float(scale[row]) : sum;
            if (bias) value += to_float(bias[row]);
            const half_t rounded = to_half(value);
            out[static_cast<size_t>(b) * outputs + row] = gelu ? to_half(gelu_of(to_float(rounded))) : rounded;
        }
    }
}

// Eight weights a thread: reads and writes of a warp are contiguous. The product is rounded as torch rounds it.
template <int BITS>
DEVICE void dequantise(const unsigned* __restrict__ weight, const half_t* __restrict__ scale, uint4* __restrict__ out,
                       int inputs, long long chunks) {
    for (long long at = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; at < chunks;
         at += static_cast<long long>(gridDim.x) * blockDim.x) {
        const float factor = to_float(scale[at * 8 / inputs]);
        float values[8];
        if constexpr (BITS == 4) {
            unpack_int4(weight[at], values);
        } else {
            unpack_int8(weight[2 * at], values);
            unpack_int8(weight[2 * at + 1], values + 4);
        }
        for (float& value : values) value *= factor;
        out[at] = to_halves(values);
    }
}

constexpr int ATTEND_THREADS = 256;
constexpr int COLUMNS = 4;  // under way in a group of lanes: 8 warps hold 32 KB of keys and values in flight
constexpr float LOWEST = -1e30f;

// One block is one head of one row: rotates query and key by the row's two positions, appends key and value to the cache
// at column `filled`, and attends to all columns up to it that its mask allows, with an online softmax.
// mixed (batch, heads, 3, DIM); cosine, sine (positions, DIM / 2), the sine with its sign, as in rotary.py;
// positions (batch, 2); column_mask (batch, length), 1 where attention is allowed, or null;
// keys, values (batch, heads, length, DIM);
// out (batch, heads * DIM).
// DIM / 8 lanes share a column, each with 8 of its dimensions.
template <int DIM>
DEVICE void attend(const half_t* __restrict__ mixed, const float* __restrict__ cosine, const float* __restrict__ sine,
                   const long long* __restrict__ positions, const int* __restrict__ filled,
                   const unsigned char* __restrict__ column_mask, half_t* keys, half_t* values, int length,
                   half_t* __restrict__ out) {
    constexpr int LANES = DIM / 8, GROUPS = ATTEND_THREADS / LANES;
    __shared__ float query[DIM], most[GROUPS], weight_sums[GROUPS], sums[GROUPS][DIM];
    const int head = blockIdx.x, row = blockIdx.y, heads = gridDim.x, thread = threadIdx.x;
    const int last = *filled;
    const size_t store = (static_cast<size_t>(row) * heads + head) * length * DIM;
    keys += store;
    values += store;
    if (thread < DIM) {
        const half_t* own = mixed + (static_cast<size_t>(row) * heads + head) * 3 * DIM;
        const int half = thread / (DIM / 2), inside = thread % (DIM / 2);
        const int partner = inside < DIM / 4 ? thread + DIM / 4 : thread - DIM / 4;
        const size_t angle = static_cast<size_t>(positions[2 * row + half]) * (DIM / 2) + inside;
        const float cos = cosine[angle], sin = sine[angle];
        const float q = to_float(own[thread]) * cos + to_float(own[partner]) * sin;
        const float k = to_float(own[DIM + thread]) * cos + to_float(own[DIM + partner]) * sin;
        query[thread] = to_float(to_half(q)) * rsqrtf(static_cast<float>(DIM));
        keys[static_cast<size_t>(last) * DIM + thread] = to_half(k);
        values[static_cast<size_t>(last) * DIM + thread] = own[2 * DIM + thread];
    }
    __syncthreads();
    const int group = thread / LANES, part = thread % LANES;
    float q[8], best = LOWEST, total = 0.0f, sum[8] = {};
    for (int i = 0; i < 8; ++i) q[i] = query[part * 8 + i];
    for (int base = 0; base <= last; base += GROUPS * COLUMNS) {
        uint4 key[COLUMNS], value[COLUMNS];
        bool seen[COLUMNS];
#pragma unroll
        for (int u = 0; u < COLUMNS; ++u) {
            const int column = base + u * GROUPS + group;
            seen[u] = column <= last && (!column_mask || column_mask[static_cast<size_t>(row) * length + column]);
            const size_t at = static_cast<size_t>(seen[u] ? column : last) * DIM + part * 8;
            key[u] = *reinterpret_cast<const uint4*>(keys + at);
            value[u] = *reinterpret_cast<const uint4*>(values + at);
        }
        float score[COLUMNS], highest = best;
#pragma unroll
        for (int u = 0; u < COLUMNS; ++u) {
            float k[8], dot = 0.0f;
            to_floats(key[u], k);
            for (int i = 0; i < 8; ++i) dot += q[i] * k[i];
            for (int distance = LANES / 2; distance; distance >>= 1) dot += __shfl_xor_sync(ALL, dot, distance);
            score[u] = seen[u] ? dot : LOWEST;
            highest = fmaxf(highest, score[u]);
        }
        const float shrink = expf(best - highest);
        best = highest;
        total *= shrink;
        for (float& s : sum) s *= shrink;
#pragma unroll
        for (int u = 0; u < COLUMNS; ++u) {
            float v[8];
            to_floats(value[u], v);
            const float share = seen[u] ? expf(score[u] - best) : 0.0f;
            total += share;
            for (int i = 0; i < 8; ++i) sum[i] += share * v[i];
        }
    }
    for (int i = 0; i < 8; ++i) sums[group][part * 8 + i] = sum[i];
    most[group] = best;
    weight_sums[group] = total;
    __syncthreads();
    if (thread >= DIM) return;
    float highest = LOWEST, whole = 0.0f, mixture = 0.0f;
    for (int g = 0; g < GROUPS; ++g) highest = fmaxf(highest, most[g]);
    for (int g = 0; g < GROUPS; ++g) {
        const float share = expf(most[g] - highest);
        whole += share * weight_sums[g];
        mixture += share * sums[g][thread];
    }
    out[(static_cast<size_t>(row) * heads + head) * DIM + thread] = to_half(mixture / whole);
}

constexpr int NORM_THREADS = 512;
constexpr int NORM_CHUNKS = 2;  // of 8 values a thread: rows up to 8192

DEVICE float sum_of_block(float value, float* shared) {
    value = sum_of_warp(value);
    __syncthreads();
    if (threadIdx.x % WARP == 0) shared[threadIdx.x / WARP] = value;
    __syncthreads();
    float total = 0.0f;
    for (int warp = 0; warp < NORM_THREADS / WARP; ++warp) total += shared[warp];
    return total;
}

extern "C" {

// out = LayerNorm(states + alpha * residual), all (batch, width); residual may be null. One block a row.
__global__ void __launch_bounds__(NORM_THREADS) add_norm(
    const half_t* __restrict__ states, const half_t* __restrict__ residual, float alpha,
    const half_t* __restrict__ weight, const half_t* __restrict__ bias, float epsilon, half_t* __restrict__ out,
    int width) {
    __shared__ float shared[NORM_THREADS / WARP];
    const size_t start = static_cast<size_t>(blockIdx.x) * width;
    float values[NORM_CHUNKS][8], total = 0.0f, squares = 0.0f;
#pragma unroll
    for (int c = 0; c < NORM_CHUNKS; ++c) {
        const int column = (c * NORM_THREADS + threadIdx.x) * 8;
        if (column >= width) continue;
        to_floats(*reinterpret_cast<const uint4*>(states + start + column), values[c]);
        float added[8] = {};
        if (residual) to_floats(*reinterpret_cast<const uint4*>(residual + start + column), added);
        for (int i = 0; i < 8; ++i) {
            // Rounded where torch rounds: after the product and after the sum.
            if (residual) values[c][i] = to_float(to_half(values[c][i] + to_float(to_half(alpha * added[i]))));
            total += values[c][i];
        }
    }
    const float mean = sum_of_block(total, shared) / width;
#pragma unroll
    for (int c = 0; c < NORM_CHUNKS; ++c) {
        if ((c * NORM_THREADS + threadIdx.x) * 8 >= width) continue;
        for (int i = 0; i < 8; ++i) squares += (values[c][i] - mean) * (values[c][i] - mean);
    }
    const float factor = 1.0f / sqrtf(sum_of_block(squares, shared) / width + epsilon);
#pragma unroll
    for (int c = 0; c < NORM_CHUNKS; ++c) {
        const int column = (c * NORM_THREADS + threadIdx.x) * 8;
        if (column >= width) continue;
        float scales[8], shifts[8];
        to_floats(*reinterpret_cast<const uint4*>(weight + column), scales);
        to_floats(*reinterpret_cast<const uint4*>(bias + column), shifts);
        for (int i = 0; i < 8; ++i) values[c][i] = (values[c][i] - mean) * factor * scales[i] + shifts[i];
        *reinterpret_cast<uint4*>(out + start + column) = to_halves(values[c]);
    }
}

#define LINEAR(BITS, BATCH)                                                                                        \
    __global__ void __launch_bounds__(LINEAR_WARPS * WARP) linear_##BITS##_##BATCH(                                \
        const uint4* weight, const half_t* scale, const half_t* bias, const half_t* states, half_t* out,           \
        int inputs, int outputs, int batch, int gelu) {                                                            \
        multiply<BITS, BATCH>(weight, scale, bias, states, out, inputs, outputs, batch, gelu);                     \
    }
#define LINEARS(BITS) LINEAR(BITS, 1) LINEAR(BITS, 2) LINEAR(BITS, 4) LINEAR(BITS, 8)
LINEARS(4)
LINEARS(8)
LINEARS(16)

#define DEQUANTISE(BITS)                                                                                           \
    __global__ void dequantise_##BITS(const unsigned* weight, const half_t* scale, uint4* out, int inputs,         \
                                      long long chunks) {                                                          \
        dequantise<BITS>(weight, scale, out, inputs, chunks);                                                      \
    }
DEQUANTISE(4)
DEQUANTISE(8)

#define ATTEND(DIM)                                                                                                \
    __global__ void __launch_bounds__(ATTEND_THREADS) attend_##DIM(                                                \
        const half_t* mixed, const float* cosine, const float* sine, const long long* positions, const int* filled, \
        const unsigned char* column_mask, half_t* keys, half_t* values, int length, half_t* out) {                     \
        attend<DIM>(mixed, cosine, sine, positions, filled, column_mask, keys, values, length, out);                   \
    }
ATTEND(32)
ATTEND(64)
ATTEND(128)

}  // extern "C"
