"""Twelve briefs to begin with, over the categories, in the tab's language."""

EXAMPLES = {
    "zh": (
        "裙子，文艺风格，简约图案，连衣裙，圆领",
        "类型#上衣*颜色#红色*风格#青春*衣样式#外套*衣长#短款",
        "宽松阔腿裤，高腰，黑色，通勤风",
        "哑光口红，豆沙色，圆管包装",
        "挂耳咖啡，浅烘，礼盒装，清晨",
        "陶瓷马克杯，奶白色，哑光，带把手",
        "香薰蜡烛，玻璃罐，薰衣草，卧室",
        "无线蓝牙耳机，白色，降噪，便携",
        "婴儿推车，可折叠，灰色，公园",
        "猫爬架，实木，三层，窗边",
        "双人帐篷，军绿色，防水，森林",
        "陶瓷花瓶，奶白色，手工，窗边",
    ),
    "en": (
        "Dress, artsy style, simple pattern, round neckline",
        "Cropped jacket, red, youthful style, zip front",
        "Loose wide-leg trousers, high waist, black, commuter style",
        "Matte lipstick, dusty rose, round tube",
        "Drip bag coffee, light roast, gift box, early morning",
        "Ceramic mug, milk white, matte, with a handle",
        "Scented candle, glass jar, lavender, bedroom",
        "Wireless earphones, white, noise cancelling, portable",
        "Baby stroller, foldable, grey, in the park",
        "Cat tree, solid wood, three levels, by the window",
        "Two-person tent, army green, waterproof, forest",
        "Ceramic vase, milk white, handmade, by the window",
    ),
}
