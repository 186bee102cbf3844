//! The controls.

mod asvs;
mod nist;
mod pci;

use super::Control;

/// Every control that the report speaks of.
pub fn controls() -> impl Iterator<Item = &'static Control> {
    [pci::PCI, nist::NIST, asvs::ASVS].into_iter().flatten()
}
