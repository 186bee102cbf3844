//! Bars as inline SVG, with a table beside them for whoever does not see them. Pure.

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How much.
    pub value: u64,
}

/// A bar with its place.
#[derive(Debug, Clone)]
pub struct Placed {
    /// What it stands for.
    pub label: String,
    /// How much.
    pub value: u64,
    /// From the left.
    pub x: usize,
    /// From the top.
    pub y: u64,
    /// How high.
    pub height: u64,
}

/// The height of a chart.
pub const HEIGHT: u64 = 60;
/// The width of a bar with its gap.
pub const STEP: usize = 20;

/// Bars from the left to the right; the highest fills the height.
pub fn placed(bars: &[Bar]) -> Vec<Placed> {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let place = |(number, bar): (usize, &Bar)| {
        let height = if bar.value == 0 { 0 } else { (bar.value.saturating_mul(HEIGHT) / most).max(2) };
        Placed { label: bar.label.clone(), value: bar.value, x: number * STEP, y: HEIGHT - height, height }
    };
    bars.iter().enumerate().map(place).collect()
}

/// A chart with its title.
#[derive(Debug)]
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// Its bars.
    pub bars: Vec<Placed>,
    /// How wide.
    pub width: usize,
    /// How high.
    pub height: u64,
    /// All of them together; of parts, the whole.
    pub total: u64,
    /// Whether the bars are parts of the first one, whose names have to be seen.
    pub is_of_parts: bool,
}

/// A chart of `bars`.
pub fn chart(title: &'static str, bars: &[Bar]) -> Chart {
    Chart {
        title,
        total: bars.iter().map(|bar| bar.value).sum(),
        width: bars.len().max(1) * STEP,
        height: HEIGHT,
        bars: placed(bars),
        is_of_parts: false,
    }
}

/// A chart whose first bar is the whole, and the others parts of it.
pub fn parts(title: &'static str, bars: &[Bar]) -> Chart {
    Chart { total: bars.first().map_or(0, |bar| bar.value), is_of_parts: true, ..chart(title, bars) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_nothing_is_invisible() {
        let bars = [0, 1, 1_000].map(|value| Bar { label: value.to_string(), value });
        let placed = placed(&bars);
        assert_eq!(placed.iter().map(|bar| (bar.x, bar.y, bar.height)).collect::<Vec<_>>(), [(0, 60, 0), (20, 58, 2), (40, 0, 60)]);
    }
}
