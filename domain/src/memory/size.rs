//! Sizes as Flink writes, reads and multiplies them.

/// Reads a size in Flink's syntax: `64mb`, `1 g`, `1024`.
///
/// # Errors
/// The rule in a sentence.
pub fn parse(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = trimmed.split_at(digits);
    let wrong = || format!("“{text}” is not a size; write a whole number and a unit, such as 64mb or 2g.");
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let factor: u64 = match unit.trim().to_lowercase().as_str() {
        "" | "b" | "bytes" => 1,
        "k" | "kb" | "kibibytes" => 1 << 10,
        "m" | "mb" | "mebibytes" => 1 << 20,
        "g" | "gb" | "gibibytes" => 1 << 30,
        "t" | "tb" | "tebibytes" => 1 << 40,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(factor)
        .filter(|bytes| *bytes <= i64::MAX as u64)
        .ok_or_else(|| format!("“{text}” is larger than any memory; write less."))
}

/// A size for a sentence: `192 MB`, `1.5 GB`.
pub fn human(bytes: u64) -> String {
    let mb = bytes as f64 / f64::from(1 << 20);
    if bytes == 0 {
        "0 MB".to_owned()
    } else if mb < 10.0 {
        format!("{mb:.1} MB")
    } else {
        format!("{mb:.0} MB")
    }
}

/// A fraction of a size, as Flink computes it: in decimal arithmetic, then cut off.
pub fn share(bytes: u64, fraction: f64) -> u64 {
    const PLACES: usize = 22;
    let text = format!("{fraction}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = &decimals[..decimals.len().min(PLACES)];
    let scale = 10u128.pow(u32::try_from(decimals.len()).expect("at most 22 places"));
    let (Ok(whole), Ok(decimals)) = (whole.parse::<u128>(), format!("0{decimals}").parse::<u128>()) else {
        return i64::MAX as u64; // infinite: a fraction of 1 of the rest
    };
    let bytes = u128::from(bytes);
    let exact = bytes.saturating_mul(whole).saturating_add(bytes.saturating_mul(decimals) / scale);
    u64::try_from(exact).unwrap_or(i64::MAX as u64).min(i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_flink_reads_them() {
        for (text, bytes) in [
            ("64mb", 64 << 20),
            (" 64 MB ", 64 << 20),
            ("1g", 1 << 30),
            ("7", 7),
            ("7 bytes", 7),
            ("2 kibibytes", 2048),
            ("1tb", 1 << 40),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for text in ["", "mb", "-1mb", "1.5g", "64 mbb", "9999999999999999999999", "9999999 tb"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_is_cut_off_in_decimal_arithmetic() {
        assert_eq!(share(3_597_035_104, f64::from(0.1_f32)), 359_703_515);
        assert_eq!(share(3_597_035_104, f64::from(0.4_f32)), 1_438_814_063);
        assert_eq!(share(1000, 0.0), 0);
        assert_eq!(share(1000, 1.0), 1000);
        assert_eq!(share(1000, f64::INFINITY), i64::MAX as u64);
    }
}
