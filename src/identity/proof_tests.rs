use super::*;
use crate::base::assurance::FactorKind;
use crate::base::time::UnixMicros;

#[test]
fn proofs_of_two_people_do_not_add_up() {
    let proof = |customer: &str, generation, kind| Proof::new(customer.parse().unwrap(), generation, ShownFactor::new(kind, UnixMicros(1)));
    let (ada, bob) = ("cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", "cus_01ARZ3NDEKTSV4RRFFQ69G5FAW");
    let first = Passed::first(&proof(ada, 1, FactorKind::Password), false);
    assert!(first.clone().then(&proof(bob, 1, FactorKind::Totp)).is_none());
    assert!(first.clone().then(&proof(ada, 2, FactorKind::Totp)).is_none());
    let both = first.then(&proof(ada, 1, FactorKind::Totp)).unwrap();
    assert!(both.is_whole() && both.shown().len() == 2);
    assert!(!Passed::first(&proof(ada, 1, FactorKind::Totp), false).is_whole());
}
