//! Pages and mails in the languages of the people who read them.

use crate::kit::Kit;
use crate::on_both;

const TITLES: [(&str, &str, &str); 6] = [
    ("en", "Sign in", "New sign-in to your account"),
    ("de", "Anmelden", "Neue Anmeldung bei Ihrem Konto"),
    ("es", "", ""),
    ("fr", "Connexion", ""),
    ("ja", "", ""),
    ("pt", "", ""),
];

on_both! {
    async fn each_language_has_its_pages_and_mails(kit: Kit) {
        let shop = kit.shop("shop").await;
        let supported = kit.browser().get("/.well-known/openid-configuration").await.json()["ui_locales_supported"].clone();
        let mut seen = std::collections::BTreeSet::new();
        for (language, title, subject) in TITLES {
            assert!(supported.as_array().unwrap().contains(&language.into()), "{supported}");
            // By the request of the shop, and by the browser.
            let page = shop.authorize(&kit.browser(), &[("ui_locales", &format!("xx {language}"))]).await.page();
            let mut browser = kit.browser();
            browser.headers.push(("accept-language".to_owned(), format!("{language}-XX, en;q=0.1")));
            let other = browser.walk("/safety").await.page();
            for shown in [&page, &other] {
                assert!(shown.body.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")), "{}", shown.body);
                assert_eq!(shown.header("content-language"), language);
            }
            assert!(title.is_empty() || page.title() == title, "{}", page.title());
            assert!(seen.insert(page.title().to_owned()), "{language} has a title of its own");
            // By the customer's own choice.
            let person = kit.customer(&format!("reader-{language}")).await;
            let (tools, id, locale) = (kit.node.base.tools.clone(), person.id.clone(), language.to_owned());
            let work = kit.node.base.db.write(move |tx| {
                use claviger::identity::customers::{details, store};
                let mut profile = store::find_customer(tx, &tools.ring, &id)?.unwrap().profile;
                profile.locale = Some(locale.clone());
                details::store::keep_profile(tx, &tools, &id, &profile)
            });
            work.await.unwrap();
            shop.sign_in(&kit.browser(), &person, &[]).await;
            kit.advance(60);
            shop.sign_in(&kit.browser(), &person, &[]).await;
            let mail = kit.mails().await.into_iter().find(|mail| mail.to == person.email).unwrap();
            assert!(subject.is_empty() || mail.subject == subject, "{}", mail.subject);
            assert!(seen.insert(mail.subject.clone()), "{language} has a subject of its own: {}", mail.subject);
            assert!(!mail.text.contains("mail-") && mail.text.contains("/not-me/"), "{}", mail.text);
        }
    }
}
