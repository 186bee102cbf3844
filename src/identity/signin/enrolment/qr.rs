//! A QR code as one SVG path, so that the page needs neither script nor image file.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// A drawn code: `side` modules wide with its quiet zone, `path` the dark ones.
pub(super) struct Drawing {
    pub side: usize,
    pub path: String,
}

/// Modules of margin that readers want around a code (ISO/IEC 18004).
const MARGIN: usize = 4;

/// Draws `text`; `None` when it is too long for a code.
pub(super) fn draw(text: &str) -> Option<Drawing> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + MARGIN, y + MARGIN);
            }
            x += run.len();
        }
    }
    Some(Drawing { side: width + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_whole() {
        let drawing = draw("otpauth://totp/Shop:ada?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let code = QrCode::with_error_correction_level("otpauth://totp/Shop:ada?secret=GEZDGNBVGY3TQOJQ", EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let drawn: usize = drawing.path.split('h').skip(1).step_by(2).map(|part| part.split('v').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!((drawing.side, drawn), (code.width() + 8, dark));
        assert!(draw(&"x".repeat(10_000)).is_none());
    }
}
