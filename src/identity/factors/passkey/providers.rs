//! The names of well-known authenticator models by AAGUID, so that a customer recognises a passkey in the list. A name is a help for the eye and proves nothing: without attestation the authenticator says it of itself.

use webauthn_rs::prelude::Uuid;

/// What sort of thing keeps a key, for the picture beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A password manager or an account that copies it between devices.
    Manager,
    /// The phone or computer itself.
    Device,
    /// A separate key, on USB or by touch.
    SecurityKey,
}

/// A model that we know by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// The product's name.
    pub name: &'static str,
    /// What sort of thing it is.
    pub keeper: Keeper,
}

const fn manager(name: &'static str) -> Provider {
    Provider { name, keeper: Keeper::Manager }
}

const fn device(name: &'static str) -> Provider {
    Provider { name, keeper: Keeper::Device }
}

const fn key(name: &'static str) -> Provider {
    Provider { name, keeper: Keeper::SecurityKey }
}

/// AAGUIDs as their vendors publish them, sorted.
const PROVIDERS: [(u128, Provider); 29] = [
    (0x0898_7058_cadc_4b81_b6e1_30de_50dc_be96, device("Windows Hello")),
    (0x0ea2_42b4_43c4_4a1b_8b17_dd6d_0b6b_aec6, manager("Keeper")),
    (0x149a_2021_8ef6_4133_96b8_81f8_d5b7_f1f5, key("Yubico Security Key NFC")),
    (0x2fc0_579f_8113_47ea_b116_bb5a_8db9_202a, key("YubiKey 5 NFC")),
    (0x42b4_fb4a_2866_43b2_9bf7_6c66_69c2_e5d3, key("Google Titan Security Key")),
    (0x5072_6f74_6f6e_5061_7373_5072_6f74_6f6e, manager("Proton Pass")),
    (0x5311_26d6_e717_415c_9320_3d9a_a698_1239, manager("Dashlane")),
    (0x5341_4d53_554e_4700_0000_0000_0000_0000, manager("Samsung Pass")),
    (0x6028_b017_b1d4_4c02_b4b3_afcd_afc9_6bb2, device("Windows Hello")),
    (0x771b_48fd_d3d4_4f74_9232_fc15_7ab0_507a, device("Edge on Mac")),
    (0x9ddd_1817_af5a_4672_a2b9_3e3d_d950_00a9, device("Windows Hello")),
    (0xa253_42c0_3cdc_4414_8e46_f480_7fca_511c, key("YubiKey 5 NFC")),
    (0xa4e9_fc6d_4cbe_4758_b8ba_3759_8bb5_bbaa, key("Yubico Security Key NFC")),
    (0xadce_0002_35bc_c60a_648b_0b25_f1f0_5503, device("Chrome on Mac")),
    (0xb539_7666_4885_aa6b_cebf_e522_62a4_39a2, device("Chromium")),
    (0xb78a_0a55_6ef8_d246_a042_ba0f_6d55_050c, manager("LastPass")),
    (0xb84e_4048_15dc_4dd0_8640_f4f6_0813_c8af, manager("NordPass")),
    (0xbada_5566_a7aa_401f_bd96_4561_9a55_120d, manager("1Password")),
    (0xc5ef_55ff_ad9a_4b9f_b580_adeb_afe0_26d0, key("YubiKey 5Ci")),
    (0xcb69_481e_8ff7_4039_93ec_0a27_29a1_54a8, key("YubiKey 5")),
    (0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349, manager("Bitwarden")),
    (0xdd4e_c289_e01d_41c9_bb89_70fa_845d_4bf2, manager("iCloud Keychain")),
    (0xea9b_8d66_4d01_1d21_3ce4_b6b4_8cb5_75d4, manager("Google Password Manager")),
    (0xee88_2879_721c_4913_9775_3dfc_ce97_072a, key("YubiKey 5")),
    (0xf380_9540_7f14_49c1_a8b3_8f81_3b22_5541, manager("Enpass")),
    (0xf8a0_11f3_8c0a_4d15_8006_1711_1f9e_dc7d, key("Yubico Security Key")),
    (0xfa2b_99dc_9e39_4257_8f92_4a30_d23c_4118, key("YubiKey 5 NFC")),
    (0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd, manager("Apple Passwords")),
    (0xfdb1_41b2_5d84_443e_8a35_4698_c205_a502, manager("KeePassXC")),
];

/// The model with this AAGUID; `None` for one that is not known, and for the zeros of those that do not tell.
pub fn find(aaguid: Uuid) -> Option<Provider> {
    let at = PROVIDERS.binary_search_by_key(&aaguid.as_u128(), |(known, _)| *known).ok()?;
    PROVIDERS.get(at).map(|(_, provider)| *provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_model_is_found_by_its_aaguid() {
        assert!(PROVIDERS.is_sorted_by_key(|(aaguid, _)| *aaguid));
        for (aaguid, provider) in PROVIDERS {
            assert_eq!(find(Uuid::from_u128(aaguid)), Some(provider));
        }
        assert_eq!(find(Uuid::nil()), None);
        assert_eq!(find("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4".parse().unwrap()).unwrap().name, "Google Password Manager");
    }
}
