// kernels.cu as C++: a block's threads are fibers on one CPU thread, switched only where a real block waits (barriers
// and shuffles) and each time in another order, so that a missing barrier gives wrong numbers here too.
// Exported: launch(name, grid, threads, parameters), as cuLaunchKernel takes them.
#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#define __global__
#define __launch_bounds__(threads)
#define __shared__ static
#define DEVICE static inline

struct Index { int x, y, z; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
static Index threadIdx, blockIdx, blockDim, gridDim;
static uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
using std::min;

typedef unsigned short half_t;
static float to_float(half_t bits) { _Float16 value; std::memcpy(&value, &bits, 2); return value; }
static half_t to_half(double wide) { _Float16 value = wide; half_t bits; std::memcpy(&bits, &value, 2); return bits; }
static unsigned fma_pair(unsigned a, unsigned b, unsigned c) {
    auto one = [](unsigned a, unsigned b, unsigned c) -> unsigned {
        return to_half(double(to_float(half_t(a))) * to_float(half_t(b)) + to_float(half_t(c)));
    };
    return one(a, b, c) | one(a >> 16, b >> 16, c >> 16) << 16;
}
static unsigned mask_and_flip(unsigned word, unsigned mask, unsigned flip) { return (word & mask) ^ flip; }
static float __uint_as_float(unsigned bits) { float value; std::memcpy(&value, &bits, 4); return value; }
static uint4 load_once(const uint4* from) { return *from; }
static float rsqrtf(float value) { return 1.0f / std::sqrt(value); }
static unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    unsigned char bytes[8], out[4];
    std::memcpy(bytes, &a, 4);
    std::memcpy(bytes + 4, &b, 4);
    for (int i = 0; i < 4; ++i) out[i] = bytes[selector >> 4 * i & 7];
    std::memcpy(&a, out, 4);
    return a;
}

// ucontext gives a fiber its stack; from then on _setjmp switches, which asks the kernel nothing.
struct Fiber { ucontext_t start; jmp_buf place; std::vector<char> stack; bool begun, done; };
struct Barrier { int arrived = 0, passed = 0; };
static std::vector<Fiber> fibers;
static jmp_buf scheduler;
static Fiber* running;
static Barrier block_barrier, warp_barriers[32];
static float exchanged[32][32];
static bool progress;

static void leave() {
    if (!_setjmp(running->place)) _longjmp(scheduler, 1);
}

static void resume(Fiber& fiber) {
    running = &fiber;
    threadIdx.x = &fiber - fibers.data();
    if (_setjmp(scheduler)) return;
    if (fiber.begun) _longjmp(fiber.place, 1);
    fiber.begun = true;
    setcontext(&fiber.start);
}

static void wait_for(Barrier& barrier, int count) {
    const int turn = barrier.passed;
    if (++barrier.arrived == count) {
        barrier.arrived = 0;
        ++barrier.passed;
        progress = true;
    }
    while (barrier.passed == turn) leave();
}

static void __syncthreads() { wait_for(block_barrier, blockDim.x); }

static float __shfl_xor_sync(unsigned, float value, int distance) {
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    exchanged[warp][lane] = value;
    wait_for(warp_barriers[warp], 32);
    const float other = exchanged[warp][lane ^ distance];
    wait_for(warp_barriers[warp], 32);
    return other;
}

#include KERNELS

using Entry = void (*)(void**);
static Entry entry;
static void** parameters;

template <auto KERNEL> struct Call;
template <typename... A, void (*KERNEL)(A...)> struct Call<KERNEL> {
    template <size_t... I> static void with(void** from, std::index_sequence<I...>) {
        KERNEL(*static_cast<std::remove_const_t<A>*>(from[I])...);
    }
    static void run(void** from) { with(from, std::index_sequence_for<A...>()); }
};

#define ENTRY(NAME) {#NAME, Call<NAME>::run}
#define ENTRIES(BITS) \
    ENTRY(linear_##BITS##_1), ENTRY(linear_##BITS##_2), ENTRY(linear_##BITS##_4), ENTRY(linear_##BITS##_8)
static const std::map<std::string, Entry> entries = {
    ENTRIES(4), ENTRIES(8), ENTRIES(16), ENTRY(dequantise_4), ENTRY(dequantise_8),
    ENTRY(attend_32), ENTRY(attend_64), ENTRY(attend_128), ENTRY(add_norm),
};

static void fiber_main() {
    entry(parameters);
    running->done = progress = true;
    leave();
}

static void run_block(std::mt19937& random) {
    std::vector<Fiber*> order;
    block_barrier = Barrier();
    for (Barrier& barrier : warp_barriers) barrier = Barrier();
    for (int thread = 0; thread < blockDim.x; ++thread) {
        Fiber& fiber = fibers[thread];
        fiber.begun = fiber.done = false;
        getcontext(&fiber.start);
        fiber.start.uc_stack.ss_sp = fiber.stack.data();
        fiber.start.uc_stack.ss_size = fiber.stack.size();
        makecontext(&fiber.start, fiber_main, 0);
        order.push_back(&fiber);
    }
    while (!order.empty()) {
        std::shuffle(order.begin(), order.end(), random);
        progress = false;
        for (Fiber* fiber : order) resume(*fiber);
        if (!progress) {
            std::fprintf(stderr, "the threads of a block wait for each other\n");
            std::abort();
        }
        order.erase(std::remove_if(order.begin(), order.end(), [](Fiber* fiber) { return fiber->done; }), order.end());
    }
}

extern "C" int launch(const char* name, int x, int y, int z, int threads, void** arguments) {
    const auto found = entries.find(name);
    if (found == entries.end()) return 1;
    std::mt19937 random(0);
    entry = found->second;
    parameters = arguments;
    gridDim = {x, y, z};
    blockDim = {threads, 1, 1};
    while (fibers.size() < 1024) {
        fibers.emplace_back();
        fibers.back().stack.resize(1 << 15);
    }
    for (blockIdx.z = 0; blockIdx.z < z; ++blockIdx.z)
        for (blockIdx.y = 0; blockIdx.y < y; ++blockIdx.y)
            for (blockIdx.x = 0; blockIdx.x < x; ++blockIdx.x) run_block(random);
    return 0;
}
