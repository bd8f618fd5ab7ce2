//! What was probably meant.

/// Names are shorter; a text that is longer is none, and comparing it would take long.
const LONGEST: usize = 40;

/// The name that is nearest to `word`, if one is near.
pub(super) fn of<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    if word.len() > LONGEST {
        return None;
    }
    names
        .iter()
        .map(|name| (distance(word, name), *name))
        .min()
        .filter(|(distance, name)| *distance <= (name.len() / 2).max(1))
        .map(|(_, name)| name)
}

/// Edit distance with transpositions (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
