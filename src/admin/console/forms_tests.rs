use super::*;
use crate::admin::operations::find_operation;

fn form(encoded: &str) -> Params {
    Params::parse(encoded.as_bytes()).unwrap()
}

#[test]
fn every_operation_has_a_form_of_what_it_reads() {
    for operation in crate::admin::operations::list::operations() {
        let fields = fields_of(operation);
        assert_eq!(fields.is_empty(), operation.input.is_none(), "{}", operation.id);
        for field in fields {
            assert!(!field.label.is_empty() && !field.name.is_empty());
            if matches!(field.kind, FieldKind::Choice(_) | FieldKind::Choices(_)) {
                assert!(field.choices().len() > 1, "{}: {field:?}", operation.id);
            }
        }
    }
}

#[test]
fn what_is_typed_becomes_what_the_operation_reads() {
    let decide = fields_of(find_operation("decide_case").unwrap());
    assert_eq!(decide.iter().map(Field::word).collect::<Vec<_>>(), ["choice", "text"]);
    assert_eq!(read(&decide, &form("decision=approve&reason=+seen+her+id+")).unwrap(), json!({ "decision": "approve", "reason": "seen her id" }));
    let invite = fields_of(find_operation("invite_admin").unwrap());
    let typed = form("email=eva%40shop.example&roles.support=yes&roles.auditor=yes&roles.king=yes&brands=tea%0A%0Acoffee");
    assert_eq!(read(&invite, &typed).unwrap(), json!({ "email": "eva@shop.example", "roles": ["support", "auditor"], "brands": ["tea", "coffee"] }));
    let rotate = fields_of(find_operation("rotate_client_secret").unwrap());
    assert!(read(&rotate, &form("overlap_seconds=soon")).is_err());
    let register = fields_of(find_operation("register_client").unwrap());
    assert_eq!(read(&register, &form("client_id=&metadata=%7B%22a%22%3A1%7D")).unwrap(), json!({ "metadata": { "a": 1 } }));
    assert!(read(&register, &form("metadata=%7B")).is_err());
    assert_eq!(filled(invite, &typed).into_iter().map(|field| field.value).collect::<Vec<_>>().join("|").matches("support auditor").count(), 1);
}

#[test]
fn an_answer_is_read_as_lines() {
    let facts = facts_of(&json!({ "client_secret": "x", "previous_until": 1_798_761_600, "gone": null, "items": [{ "kind": "a" }], "is_staff": false }));
    let lines: Vec<String> = facts.iter().map(|fact| format!("{}={}", fact.label, fact.text)).collect();
    assert_eq!(lines, ["Client secret=x", "Is staff=no", "Items 1: kind=a", "Previous until=2027-01-01 00:00 UTC"]);
    assert!(facts[0].is_secret);
}
