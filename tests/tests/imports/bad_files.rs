//! Files that are no files, and rows that are none.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    exports::orders_csv,
    payloads::*,
    shop::{ADMIN, SOURCE, bearer},
};

use crate::{NOW, counts, file, first_skipped, import, import_of};

async fn refused(shop: &Shop, body: &Value) -> (String, String) {
    let problem = shop.post("/v1/imports", body, None).await.is_problem(400, "invalid-request");
    let text = |name: &str| problem["errors"][0][name].as_str().unwrap().to_owned();
    (text("pointer"), text("reason"))
}

#[tokio::test]
async fn what_is_no_file_of_its_format_is_refused_whole() {
    let shop = Shop::open(NOW).await;
    for (body, pointer, reason) in [
        (import_of("orders", "shopify_csv", ""), "/data", "has no header"),
        (
            import_of("orders", "shopify_csv", "Name,Email\n#1,a@example.com\n"),
            "/data",
            "has no column `Financial Status`",
        ),
        (import_of("members", "shopify_csv", json!([])), "/data", "must be the text of a CSV"),
        (import_of("orders", "regulars", "id\n1\n"), "/data", "must be a list of orders"),
        (import_of("consents", "shopify_csv", "Email\n"), "/format", "is no format of this kind"),
        (
            import_of("orders", "woocommerce_json", json!([])),
            "/format",
            "is of another make of storefront than the source",
        ),
    ] {
        assert_eq!(refused(&shop, &body).await, (pointer.to_owned(), reason.to_owned()));
    }
    let unknown_column = refused(&shop, &import_of("balances", "regulars", "email,point\na@example.com,5\n")).await;
    assert!(unknown_column.1.starts_with("has a column `point`"), "{unknown_column:?}");
    let mut body = import_of("members", "regulars", json!([]));
    body["source"] = json!("woocommerce:elsewhere");
    assert_eq!(refused(&shop, &body).await.0, "/source");
    body["source"] = json!(SOURCE);
    body["kind"] = json!("coupons");
    assert_eq!(refused(&shop, &body).await.0, "/kind");
    body = import_of("members", "regulars", json!(5));
    assert_eq!(refused(&shop, &body).await.0, "/data");
    body = import_of("members", "regulars", json!([{"email": "ada@example.com"}]));
    body["from_row"] = json!(9);
    assert_eq!(refused(&shop, &body).await.0, "/from_row");
}

#[tokio::test]
async fn bytes_that_are_no_text_and_files_that_are_too_large_are_refused() {
    let shop = Shop::open(NOW).await;
    let mut body = import_of("members", "regulars", "email\nA\n").to_string().into_bytes();
    let at = body.iter().position(|byte| *byte == b'A').unwrap();
    body[at] = 0xff;
    let bearer = bearer(ADMIN);
    shop.call("POST", "/v1/imports", &[bearer.as_header()], &body).await.is_problem(400, "invalid-request");
    let large = import_of("members", "regulars", format!("email\n{}", "x".repeat(1024 * 1024)));
    shop.post("/v1/imports", &large, None).await.is_problem(413, "too-large");
}

#[tokio::test]
async fn a_hostile_table_harms_nobody() {
    let shop = Shop::open(NOW).await;
    let columns = format!("email{}\n", ",x".repeat(10_000));
    assert!(refused(&shop, &import_of("members", "regulars", columns)).await.1.contains("more than 1000 columns"));
    let open_quote = format!("email,name\nada@example.com,\"{}", "x\n".repeat(40_000));
    assert!(refused(&shop, &import_of("members", "regulars", open_quote)).await.1.contains("is a quote open?"));
    let rows = "email,name\nada@example.com,\"a\u{0}b\"\nb\u{0}b@example.com,Bob\n\
        cem@example.com\ndan@example.com,Dan,more,and more\n";
    let report = import(&shop, &import_of("members", "regulars", rows)).await;
    assert_eq!(counts(&report), (2, 0, 2), "{report}");
    assert_eq!(first_skipped(&report).0, 2);
    let long_name = format!("email,name\neve@example.com,{}\n", "x".repeat(3_000));
    let report = import(&shop, &import_of("members", "regulars", long_name)).await;
    assert_eq!(first_skipped(&report), (2, "name", "is longer than 2048 characters"));
}

#[tokio::test]
async fn a_bad_row_is_told_by_its_number_and_keeps_no_other_out() {
    let shop = Shop::open(NOW).await;
    let order = |number: u64, price: &str| {
        paid_order(number, &Buyer::guest(number), at("2026-06-17T10:00:00Z"), &[(price, 1), ("5.00", 1)])
    };
    let orders: Vec<Value> = (1..=6).map(|number| order(number, "20.00")).collect();
    let csv = orders_csv(&orders);
    let lines: Vec<&str> = csv.lines().collect();
    let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
    lines[2] = lines[2].replace(",5.00,", ",-5.00,"); // a line of the first order
    lines[3] = lines[3].replace("2026-06-17 10:00:00", "17/06/2026 10:00");
    lines[5] = lines[5].replace(",USD,", ",XXQ,");
    lines.remove(8); // the second line of the fourth
    lines.remove(8); // the first of the fifth
    let report = import(&shop, &import_of("orders", "shopify_csv", lines.join("\n"))).await;
    let skipped: Vec<(u64, &str)> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["row"].as_u64().unwrap(), row["field"].as_str().unwrap()))
        .collect();
    assert_eq!(
        skipped,
        [(3, "Lineitem price"), (4, "Created at"), (6, "Currency"), (8, "Subtotal"), (9, "Name")],
        "{report}"
    );
    assert_eq!(counts(&report), (1, 0, 5));
    assert!(shop.find(&Buyer::guest(6).email).await.is_some());
}

#[tokio::test]
async fn a_list_s_rows_are_numbered_from_one() {
    let shop = Shop::open(NOW).await;
    let mut body = file("members");
    body["data"].as_array_mut().unwrap().insert(1, json!({"email": "nobody", "country": "Austria"}));
    body["data"].as_array_mut().unwrap().push(json!("not an object"));
    let report = import(&shop, &body).await;
    assert_eq!(counts(&report), (2, 0, 2));
    assert_eq!(first_skipped(&report), (2, "email", "is not an email address"));
    assert!(!report.to_string().contains("nobody"), "an address is not repeated");
}
