"""Six briefs to begin with, in the tab's language: a sign, the product's name, and the brief."""

EXAMPLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "zh": (
        ("☕", "马克杯", "陶瓷马克杯，奶白色，哑光，350ml，带把手，39元"),
        ("👗", "连衣裙", "裙子，文艺风格，简约图案，连衣裙，圆领，199元"),
        ("🎧", "蓝牙耳机", "无线蓝牙耳机，白色，降噪，续航30小时，到手价159元"),
        ("💄", "口红", "哑光口红，豆沙色，圆管包装，89元，第二支半价"),
        ("🎁", "挂耳咖啡", "挂耳咖啡，浅烘，10包礼盒装，云南产地，69元"),
        ("⛺", "帐篷", "双人帐篷，军绿色，防水，净重2.1kg，299元"),
    ),
    "en": (
        ("☕", "Mug", "Ceramic mug, milk white, matte, 350 ml, with a handle, $9"),
        ("👗", "Dress", "Dress, artsy style, simple pattern, round neckline, $39"),
        ("🎧", "Earphones", "Wireless earphones, white, noise cancelling, 30 hours of battery, $49"),
        ("💄", "Lipstick", "Matte lipstick, dusty rose, round tube, $12, second one half price"),
        ("🎁", "Drip coffee", "Drip bag coffee, light roast, gift box of 10, from Yunnan, $14"),
        ("⛺", "Tent", "Two-person tent, army green, waterproof, 2.1 kg, $59"),
    ),
}
