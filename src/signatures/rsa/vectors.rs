//! Signatures by OpenSSL, base64url. The keys were made for this purpose, and their private halves thrown away.

/// What all of them are over.
pub(super) const MESSAGE: &[u8] = b"edgelatch calculates with public keys only";

/// 2048 bits; the exponent is 65537.
pub(super) const MODULUS: &str = "\
    s4PB0-TC7Vk99rruGFaUbDhHZEhXObi9udG5XkweXfrOWGD7F9ehFZpopWnP7YNCKo1cV8BoyNHEYc-mYQQHpYy5lfYQtbQYM-2QJPNt\
    42lh8Y6InEW5Xv14YE-KSbWQ6QSmw7w8BD3me9jiwe7fie2GDZsAHVqdmeRh1BpQ6hPCOZIn2aiCHxMUT6kIzgFk4pV4XT63Jady9BVF\
    s7x6VPHPY6_MHfmClCUXOquUmu1Q6r3WpW2qkFuSXwB9LEEqiuNUvwppZUBubsQ5K7XS2zMhu5ioairDrjYfZ_sUsPhGhGlFu1GG2J4U\
    iM5CrC79snnCYaDrtZLua-ID19fdoQ";

/// PKCS #1 v1.5 with SHA-256.
pub(super) const RS256: &str = "\
    geoYKKm0dnuIoWpoKyQEkvJKjphztSiA1vCDPhugHElka99-L7AJgshuiMhrGf4ZVUdzHLOhsbZZUk-AZbAWgCURssxBavCb09b9XfMO\
    KCZU1n3YJz6eKHp0ntKpZKI3A60T3W-INd_a12gAVlp1IlhHZ3Cb5QLQ8rPCiAl0VbAtqhgS3AAZn8PWGA5dJ0j7PL2_spXn_1VZ7x_M\
    CFJdQmNM7053n0DW2KVVK-lM-n-p-NLvp_P9cfxjUzmWEnzxsQgdAf6-SbrHyJ6jeQmKcExFJGk8rBiS3zTThUaELeYVbINCVRFQWxc2\
    GKUIIB5bUzRqfPjYVcIYffi9hnkIpw";

/// PKCS #1 v1.5 with SHA-384.
pub(super) const RS384: &str = "\
    MjwKoa-dg-0vukNOTzMwZzZvU2wHTOwxAGQYAP6Fnlog30LQFtM57KIxYLT2IunqDnrryCtBCqKFchqpXa8S8AGGney83UktZv-6bKu7\
    f_cBtP51pZsDf-MJmWAeZC6FotQOZ3Hp_acmn8QwbmyHt3C55_zZxNT0XWU-bTWUg5_GW_xxsJ1Di_OdUORs5QEWs8IHr4jVYgkA_3RP\
    7v79IhVOUxx15mOtcKEZ3JiOGXaKCjhJy_v0NsCRoMm-L1UVfA4WlMwfZBQYoNA1l24ynEa6M20H4s_L5LSjuDyff3tcJQGtiwgW8HnR\
    ajnRyEk7TX_VZPLjTc8l2uoSSSirgw";

/// PKCS #1 v1.5 with SHA-512.
pub(super) const RS512: &str = "\
    QZcsiE1K7He2w-5d426t2P6FIvEy7VhkifYV02FQHAV_fBZ3Tv5aiIJ9QI0kTUK3DLVB5c1FCCX8_CJCkdrG9FWo5sY3JZiyKuzBMvVf\
    vJ81MnI1CTgziHbBPOudbpGILWlsBfNqvLIPyx3kbni6cqV-0FPuDddV_ISHGmY4y0s8OdzWgtV1jSf3hUbLsRGMgiWDACPN4ImFYI4s\
    NfPlyxWQzCCAMbBFeS9JEVZ96lbBo6cpDKg-ehk_dMOOQ48tq1ZMycP-FEMp-tmVUCR9ALWG3JXcaJVno7UTlKgf8JWeJ_YOid2P1La2\
    ZWnPWHNH51hC3_bIWFhusC_xD4CxPg";

/// PSS with SHA-256 and a salt as long.
pub(super) const PS256: &str = "\
    GZoLz_3I5UhMG0c4JbCN4Cv76KIzZPvcbislARm-mwq5gw-Ue6RhBbZQnW0ftLdnV6geqPxNXp9totISdFn-Hz-_XhkZUrliLcoTkAtb\
    zFTLWEoiUViuOywraEcKZI01Rx2KhCNuJRFD2U10MGbA4Zr9v4jjTYzpE1oNCUDkpRJJflsYkLFHKA-KUiGo0OO59QU4P0dMT2M7-Z79\
    959QWTkNSyCujHDM1FXNWK6CCf4-VDmW35EaJSsCKYqu5Cc6ypoN5leyFE4VMd2qWnIwCwre4QdCsnv6t6aaUezkrEgoIIxBEqA3-Vkn\
    PZ5mPNldpZ_dWDCJXA532Y9bbqOoZQ";

/// PSS with SHA-384 and a salt as long.
pub(super) const PS384: &str = "\
    T8T9Zq9uhMHpOV4p-pluDhmKa7qw3hkyoFojgotOIcwjEdn2h15U65YfUHYukMzcwzhUVB6R53M91ieq13-KpBQa-uuFrwDZGLlRZgZc\
    -rKmyEVZDX0gAA8DKpi8Vj_W_O_Vu_S5mHRXbEBRQX22xcsO1aGgoe6S9jpG1ylr3P9loH0skI1ryMvHDhKrpgu9JkLhpMC6pS5qNRmD\
    C1EwtR6sSXQSWBsd6d8bXbNda5RfIvKW6lHr2BuA7zjwpXNJqnhdMeq_pDg-b83tydRE52A84T6ZsQBmV6fGFLYN5n_r-tUpOorcfdKn\
    DoQ8gflCQYlo3gjwM-8yPFkfmMWx8w";

/// PSS with SHA-512 and a salt as long.
pub(super) const PS512: &str = "\
    cjkPee-0-_x4A-B-eJCdoNSGa5s1C3VAsCSPtNOQIWjP6fAQ0fbmAFyRqpUJ0I2Oxw5b54gB0isTZqA7YfcA870pWZQsEJTqpqBvmXYh\
    ZA24eefuWB2cPuvCvjzRD24xAPVxHOynOo5WVflprUufM_IiZOU12hLIV9rM3NjuNoWISxIoSia9WRE70kBMDDr29xLpBRxUgv6PgpVA\
    0-AE9QfG5M19UPe1VZk_S_H7CRzEwrUa7MBWr5zaX-FErXbmzTZNkcplQyvfRi0ryYtLNPDVJyrOWLet6a-5Zs2w5RG0pXBamXtUEVk1\
    vux7seS7LPHuSx26bE6ww1wOyu6AyQ";

/// PSS with SHA-256 and a salt one byte shorter.
pub(super) const PS256_SHORT_SALT: &str = "\
    pRCXBrkULERsdbOisekG4JMIY7MdaZVB-tvckFm4KRgqrAlVcdR05QgQE1gE73_9I8IcfysaHrYrFo4RtstkqWUmjfsCYdRYqXBUtjyg\
    ObaaJqpW1CM2lK5ZZGLz56SrkH9usTJp9ww9QHlwyEEAD2vBEQFJYlUOh0koqVqRpAxE6rOHxuCvfDZYZBCHmBcRqfk470v7eDqfxC3F\
    7uScZw7xJYIQ-EjiWJkBwokpjC__b8m-oMOV93B09bnKn8xzcZJcccGMLnBHI8sMr9fBOA8gwB99AF7mHq_57vXSoCGFYDhZb4pBoMRs\
    Q2lVWSr3fN6-6YRgWvSuXyhDGXHX_w";

/// 2049 bits, so that what is signed with PSS is a byte shorter than the number.
pub(super) const ODD_MODULUS: &str = "\
    Aa7kDnPaIDApX5FPQV-B7KC6TcRTjLTxlQuKPrYe1H1MxFMiw64y8BTm7svJBQyfxV3Vf8_FX5oDQQ_tVgZ3MttYoIWX0C4gnFdBr2d7\
    cGaZf1PcgA_eIvvaFp92_LYAwuZFNjyeIGVLfspElzl35Lx8_dVSDUHYdPVedcvYFtXqeL5PJRajoPKjp8yxAXFy4lySydOdgvldN2sD\
    8XnVMHkv3z93SUBIPUO_1jPUW6sIMv34r9PHbA9U5pmXA-9pyjMnFivYEJG_6SBVXG5z3dS9JB0cLzimRuY2Ehx_cNaFgVIChXsG_Hmr\
    L0smhnQnpCXL313ecYtDR-6yAKE7C_c";

/// PSS with SHA-256 under it.
pub(super) const ODD_PS256: &str = "\
    ASqZpnw70arkrJmxBLbqgQOC-B8gLWLVMjQJkvyfD6BSTl2ljsv_4Xfmi2u45n5sGasssuxQ_bvzIpi_VG380rF-xk26oP7okAAle-ZS\
    o4vBG2p5U2B9gdcihvnTIPicxE6b68B1epeJL0a5_xXGGha2n8-OZj9p25aWKgV57rMMzFahsA8gThtstzxlQsu1R1mCa5pgrfDlB6kz\
    r6_Ilat-z6ABlh7wD9A7pe5DBSzMZyqKLyVx2qTnL_DkEz9-etskSI8w84mI3UQvi4rqYtQuRp0wc13PuV7_ly-8dO5UP16AdwSyhSIB\
    Dn_Ins9l5HOpKvyH596dJuMJ-SvFhkI";
