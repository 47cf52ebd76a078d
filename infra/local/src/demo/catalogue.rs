//! What the shop sells.

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) id: u64,
    pub(super) title: &'static str,
    pub(super) variant: &'static str,
    pub(super) sku: &'static str,
    /// Minor units of each market's currency.
    pub(super) price: i64,
    pub(super) grams: u32,
    /// How long one lasts; what is not used up is bought again seldom.
    pub(super) lasts_days: i64,
    pub(super) gift_card: bool,
}

/// What people come back for.
pub(super) static STAPLES: &[Product] = &[
    product(1, "Oat & Honey Body Lotion", "250 ml", "MF-LOT-250", 1999, 280, 45),
    product(2, "Cedar Soap Bar", "100 g", "MF-SOAP-01", 500, 110, 30),
    product(3, "Green Tea Face Cream", "50 ml", "MF-FACE-50", 3400, 120, 60),
    product(4, "Rosemary Shampoo", "300 ml", "MF-SHA-300", 1650, 330, 50),
    product(5, "Assam Breakfast Tea", "200 g", "MF-TEA-200", 1420, 220, 40),
    product(6, "House Espresso", "1 kg", "MF-COF-1000", 2890, 1020, 28),
    product(7, "Sea Salt Deodorant", "75 g", "MF-DEO-75", 1250, 90, 55),
    product(8, "Cat Food, Salmon", "12 x 85 g", "MF-CAT-12", 2240, 1100, 21),
];

/// What people add, or give.
pub(super) static EXTRAS: &[Product] = &[
    product(20, "Lavender Pillow Mist", "100 ml", "MF-MIST-100", 2450, 160, 200),
    product(21, "Linen Bath Towel", "70 x 140 cm", "MF-TOW-140", 3900, 620, 400),
    product(22, "Beeswax Candle", "Set of 2", "MF-CAN-2", 1800, 400, 120),
    product(23, "Stoneware Mug", "350 ml", "MF-MUG-350", 2200, 430, 500),
    product(24, "Winter Gift Box", "Large", "MF-BOX-L", 7900, 1500, 365),
];

/// Paid for, but no purchase yet: it earns nothing.
pub(super) static GIFT_CARD: Product =
    Product { gift_card: true, ..product(40, "Gift Card", "50.00", "MF-GIFT-50", 5000, 0, 365) };

const fn product(
    number: u64,
    title: &'static str,
    variant: &'static str,
    sku: &'static str,
    price: i64,
    grams: u32,
    lasts_days: i64,
) -> Product {
    Product { id: 8_410_023_456_700 + number, title, variant, sku, price, grams, lasts_days, gift_card: false }
}
