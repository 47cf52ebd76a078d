use local::{LocalError, Machine};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{free_ports, new_folder, orders::order, page, start, start_with};

#[tokio::test]
async fn a_machine_serves_the_functions_and_a_start_page_that_leads_on() {
    let running = start().await;
    assert_eq!(running.get("/healthz").await, json!({ "status": "ok" }));
    assert_eq!(running.get("/openapi.json").await["info"]["title"], "Regulars");
    assert_eq!(running.get("/v1/program").await["currency"], "USD");
    let page = page(&format!("http://{}/", running.machine.gateway)).await.text;
    for link in ["/openapi.json", "/local/mail", "/local/clock"] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert!(page.contains(&format!("curl http://{}/local/clock", running.machine.gateway)));
    assert!(page.contains(&running.now().await.strftime("%Y-%m-%dT%H:").to_string()));
}

#[tokio::test]
async fn only_this_machine_is_listened_to() {
    let running = start().await;
    let machine = &running.machine;
    assert!([machine.gateway, machine.dynamodb, machine.ses].iter().all(|address| address.ip().is_loopback()));
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let (gateway, database, mail) = (free_ports(None), free_ports(None), free_ports(None));
    let tries = [
        ("--port", local::Options { port, ..gateway }),
        ("--dynamodb-port", local::Options { dynamodb_port: port, ..database }),
        ("--ses-port", local::Options { ses_port: port, ..mail }),
    ];
    for (flag, options) in tries {
        let error = Machine::start(options).await.unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is taken")) && error.contains(&format!("`{flag}`")), "{error}");
    }
}

#[tokio::test]
async fn what_a_folder_keeps_is_there_after_a_restart() {
    let folder = new_folder();
    let first = start_with(Some(folder.clone())).await;
    first.set_clock("2026-06-18T10:00:00Z").await;
    first.pay(&order(1, "2026-06-18T09:00:00Z", "19.99")).await;
    first.post("/local/clock", json!({ "advance": "P20Y" })).await;
    let (mia, before) = (first.mia().await, first.now().await);
    first.machine.stop().await;

    let second = start_with(Some(folder)).await;
    assert_eq!(second.mia().await, mia);
    assert!(second.now().await >= before, "the clock went back");
    assert_eq!(second.pay(&order(1, "2026-06-18T09:00:00Z", "19.99")).await, "known");
    second.machine.stop().await;
}

#[tokio::test]
async fn a_clock_that_was_behind_is_the_machine_s_again_after_a_restart() {
    let folder = new_folder();
    let first = start_with(Some(folder.clone())).await;
    let before = first.now().await;
    first.set_clock("2026-01-01T00:00:00Z").await;
    first.machine.stop().await;
    let second = start_with(Some(folder)).await;
    assert!(second.now().await >= before);
    second.machine.stop().await;
}

#[tokio::test]
async fn one_folder_is_for_one_machine_at_a_time() {
    let folder = new_folder();
    let running = start_with(Some(folder.clone())).await;
    let second = Machine::start(free_ports(Some(folder.clone()))).await;
    assert!(matches!(second, Err(LocalError::DataInUse(_))), "{second:?}");
    running.machine.stop().await;
    start_with(Some(folder)).await.machine.stop().await;
}

#[tokio::test]
async fn a_stopped_machine_leaves_its_ports() {
    let running = start().await;
    let ports = [running.machine.gateway, running.machine.dynamodb, running.machine.ses];
    running.get("/healthz").await;
    running.machine.stop().await;
    for port in ports {
        TcpListener::bind(port).await.unwrap();
    }
}
