//! Several storefronts on one installation: each client's customers see its brand, on the pages of their own sign-in and in their mails.

use crate::kit::{Backend, DAWN, Kit, Place, Shop};
use claviger::base::time::ManualClock;
use std::sync::Arc;

async fn start(backend: Backend) -> Kit {
    let place = Arc::new(Place::new(backend));
    let folder = place.folder.path().join("brands");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("bean.toml"), "name = \"Bean & Leaf\"\naccent = \"#7a2e0e\"\nmail_from = \"Bean & Leaf <hello@bean.example>\"\nhome_url = \"https://bean.example/\"\nsupport_url = \"https://bean.example/help\"\nlogo_file = \"bean.png\"\n").unwrap();
    std::fs::write(folder.join("bean.png"), [0x89, b'P', b'N', b'G', 1, 2, 3]).unwrap();
    std::fs::write(folder.join("yarn.toml"), "name = \"Yarn\"\n").unwrap();
    Kit::start_with(place, Arc::new(ManualClock::at(DAWN)), |raw| raw.brands.folder = folder.display().to_string()).await
}

async fn shop(kit: &Kit, id: &str, brand: Option<&str>) -> Shop {
    kit.shop_with(id, |metadata| metadata.brand = brand.map(str::to_owned)).await
}

async fn each_client_shows_its_brand(backend: Backend) {
    let kit = start(backend).await;
    let (bean, yarn, plain, lost) = (shop(&kit, "a", Some("bean")).await, shop(&kit, "b", Some("yarn")).await, shop(&kit, "c", None).await, shop(&kit, "d", Some("nowhere")).await);
    let browser = kit.browser();
    let header = |body: &str| body.split("class=\"brand\"").nth(1).unwrap().split("</header>").next().unwrap().to_owned();
    // Two tabs of one browser: each sign-in looks as its own shop.
    let first = bean.authorize(&browser, &[]).await.page();
    assert!(
        header(&first.body).contains("Bean &#38; Leaf") && header(&first.body).contains("/assets/logo-bean") && first.body.contains("href=\"/assets/brand-bean.css\""),
        "{}",
        first.body
    );
    assert!(first.body.contains("href=\"https://bean.example/help\""));
    let second = yarn.authorize(&browser, &[]).await.page();
    assert!(header(&second.body).contains("Yarn") && !second.body.contains("bean.example"), "{}", second.body);
    for shop in [&plain, &lost] {
        let page = shop.authorize(&kit.browser(), &[]).await.page();
        assert!(header(&page.body).contains("Claviger") && page.body.contains("/assets/claviger.css"), "{}", page.body);
    }
    let style = browser.get("/assets/brand-bean.css").await;
    assert!(style.status == 200 && style.body.contains("--accent: light-dark(#7a2e0e, #7a2e0e)"), "{}", style.body);
    assert_eq!((browser.get("/assets/logo-bean").await.header("content-type"), browser.get("/assets/logo-yarn").await.status), ("image/png", 404));
    // The customer is written to by the shop where they were last.
    let ada = kit.customer("ada").await;
    kit.advance(60);
    bean.sign_in(&kit.browser(), &ada, &[]).await.away();
    kit.advance(60);
    yarn.sign_in(&kit.browser(), &ada, &[]).await.away();
    kit.advance(60);
    bean.sign_in(&kit.browser(), &ada, &[]).await.away();
    let mails: Vec<_> = kit.mails().await.into_iter().filter(|mail| mail.to == ada.email).collect();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].from.is_none() && mails[0].text.contains("Yarn. Is this message from us?"), "{}", mails[0].text);
    assert!(mails[1].from.as_deref() == Some("Bean & Leaf <hello@bean.example>") && mails[1].text.contains("Bean & Leaf. Is this"), "{}", mails[1].text);
    // Whoever joins by a shop is written to by it from the first code on.
    let grace = kit.browser();
    let page = bean.authorize(&grace, &[]).await.page();
    let link = page.body.split("id=\"join\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = grace.get(&link).await;
    assert!(header(&page.body).contains("Bean &#38; Leaf"));
    grace.press(&page, "submit", &[("email", "grace@hopper.example")]).await;
    let mail = kit.mails().await.into_iter().find(|mail| mail.to == "grace@hopper.example").unwrap();
    assert!(mail.from.is_some() && mail.text.contains("to make an account at Bean & Leaf"), "{}", mail.text);
    // A brand is for looks: one that somebody made up is none.
    browser.cookies.lock().unwrap().insert("claviger_brand".to_owned(), "\"><script>".to_owned());
    assert!(header(&browser.get("/safety").await.body).contains("Claviger"));
}

#[test]
fn each_client_shows_its_brand_sqlite() {
    actix_web::rt::System::new().block_on(each_client_shows_its_brand(Backend::Sqlite));
}

#[test]
fn each_client_shows_its_brand_postgres() {
    if std::env::var("TEST_DB").as_deref() == Ok("sqlite") {
        eprintln!("TEST_DB=sqlite: not run on PostgreSQL");
        return;
    }
    actix_web::rt::System::new().block_on(each_client_shows_its_brand(Backend::Postgres));
}

/// A brand file that cannot be used keeps the server from starting, and says why.
#[test]
fn a_wrong_brand_is_refused_with_its_reason() {
    use claviger::app::config::{Config, RawConfig};
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut raw = RawConfig::default();
        raw.brands.folder = folder.path().display().to_string();
        let faults = Config::check(&raw, false).err().unwrap_or_default();
        std::fs::remove_file(path).unwrap();
        faults.into_iter().filter(|fault| fault.starts_with("brands")).collect::<Vec<_>>().join("; ")
    };
    for (name, text, reason) in [
        ("bean.toml", "accent = \"#7a2e0e\"", "name"),
        ("bean.toml", "name = \"Bean\"\naccent = \"red;}\"", "brands.bean.accent"),
        ("bean.toml", "name = \"Bean\"\nshape = \"round\"", "shape"),
        ("bean.toml", "name = \"Bean\"\nhome_url = \"javascript:alert(1)\"", "https addresses"),
        ("bean.toml", "name = \"Bean\"\nmail_from = \"nobody\"", "brands.bean"),
        ("bean.toml", "name = \"Bean\"\nlogo_file = \"missing.png\"", "missing.png"),
        ("Bean Leaf.toml", "name = \"Bean\"", "small letters"),
    ] {
        assert!(refused(name, text).contains(reason), "{text}: {}", refused(name, text));
    }
    assert_eq!(refused("bean.toml", "name = \"Bean\""), "");
}
