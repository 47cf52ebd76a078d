//! What an attempt brought: one measure of points and of money.

use serde_json::{Value, json};
use tests::Shop;

/// What some members have together, against what they began with, in points. A point is worth a cent: that
/// is what rewards and holds ask for it.
pub(crate) struct Books<'a> {
    shop: &'a Shop,
    members: Vec<String>,
    began_with: i64,
    /// What orders that were kept had off.
    discounts: i64,
    /// What an honest buyer gets for the same purchases.
    honest: i64,
}

/// Neither is above zero where nothing was gained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gain {
    /// By the ledger, with what is held, less what is owed.
    pub(crate) points: i64,
    /// The points, and all that can be paid with besides them: coupons at what they cost, discounts that were had.
    pub(crate) money: i64,
}

impl<'a> Books<'a> {
    pub(crate) async fn open(shop: &'a Shop, members: &[&str]) -> Books<'a> {
        let members = members.iter().map(ToString::to_string).collect();
        let mut books = Books { shop, members, began_with: 0, discounts: 0, honest: 0 };
        books.began_with = books.close().await.money;
        books
    }

    /// An order was kept with so many cents off.
    pub(crate) fn had_off(&mut self, cents: i64) {
        self.discounts += cents;
    }

    /// Honest buyers have so many points.
    pub(crate) fn deserved(&mut self, points: i64) {
        self.honest += points;
    }

    pub(crate) async fn close(&self) -> Gain {
        let (mut points, mut coupons, mut seen) = (0, 0, Vec::new());
        for id in &self.members {
            // who was merged into another is counted as that one
            let found = self.shop.get(&format!("/v1/members/{id}")).await;
            let found = if found.status == 200 { found.body["id"].as_str().unwrap().to_owned() } else { id.clone() };
            if seen.contains(&found) {
                continue;
            }
            points += worth(self.shop, &found).await;
            coupons += unused_coupons(self.shop, &found).await;
            seen.push(found);
        }
        let less = self.began_with + self.honest;
        Gain { points: points - less, money: points + coupons + self.discounts - less }
    }

    pub(crate) async fn nothing_gained(&self) -> Gain {
        let gain = self.close().await;
        assert!(gain.points <= 0 && gain.money <= 0, "{gain:?}");
        gain
    }

    /// Nothing is lost either.
    pub(crate) async fn nothing_changed(&self) {
        let gain = self.close().await;
        assert!(gain.points <= 0 && gain.money == 0, "{gain:?}");
    }
}

/// Everything that the member has, or will have: available, pending and held, less what they owe.
pub(crate) async fn worth(shop: &Shop, id: &str) -> i64 {
    let lots = shop.lots(id).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    let all = part("available") + part("pending") + part("held") - part("debt");
    assert_eq!(json!(all), lots["ledger"], "the ledger agrees");
    all
}

/// The cents that the member's coupons would take off.
async fn unused_coupons(shop: &Shop, id: &str) -> i64 {
    let listed = shop.get(&format!("/v1/members/{id}/coupons?limit=100")).await;
    if listed.status == 404 {
        return 0;
    }
    let coupons = listed.is(200)["coupons"].as_array().unwrap().clone();
    coupons.iter().filter(|coupon| coupon["state"] == "issued").map(cents).sum()
}

fn cents(coupon: &Value) -> i64 {
    coupon["value"]["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}
