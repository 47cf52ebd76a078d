//! The certificate authorities that sign for Amazon's endpoints, as
//! <https://www.amazontrust.com/repository/> lists them.

/// Amazon Root CA 1 to 4 and Starfield Services Root CA - G2; the first of them expires at the end
/// of 2037.
pub(crate) const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_roots_are_the_five_that_amazon_publishes() {
        let published = [
            "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
            "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
            "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
            "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
            "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
        ];
        let fingerprints: Vec<String> = AMAZON_ROOTS
            .split("-----BEGIN CERTIFICATE-----")
            .skip(1)
            .map(|rest| rest.split("-----END").next().unwrap().replace('\n', ""))
            .map(|text| Sha256::digest(STANDARD.decode(text).unwrap()).iter().map(|b| format!("{b:02x}")).collect())
            .collect();
        assert_eq!(fingerprints, published);
    }
}
