//! The Merkle tree over the events, as pure functions: hashes, the growing edge, and proofs. Source: RFC 6962 section 2.1, RFC 9162 section 2.1 for checking proofs.

use crate::base::encoding::sha256;

/// A node of the tree: SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf: its first byte keeps leaves and nodes apart.
pub fn leaf_hash(content: &[u8]) -> Hash {
    sha256(&[&[0], content].concat())
}

/// The hash over two nodes.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left.as_slice(), right.as_slice()].concat())
}

/// Where the complete nodes of a tree are read: `level` 0 holds the leaves, `index` counts from 0.
pub trait Nodes {
    /// Why one could not be read.
    type Error;

    /// The node over the leaves from `index * 2^level` on, `2^level` of them.
    ///
    /// # Errors
    /// When it cannot be read, or is not there.
    fn node(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The largest power of two below `count`, as an exponent; `count` is at least 2.
const fn split_level(count: u64) -> u32 {
    (count - 1).ilog2()
}

/// The hash over the leaves from `from` to before `to`, at least one of them.
fn range_hash<N: Nodes>(nodes: &mut N, from: u64, to: u64) -> Result<Hash, N::Error> {
    let count = to - from;
    if count <= 1 {
        return nodes.node(0, from);
    }
    // In every range that is asked for, `from` is a multiple of the largest power of two in it.
    if count.is_power_of_two() {
        let level = count.ilog2();
        return nodes.node(level, from >> level);
    }
    let middle = from + (1 << split_level(count));
    Ok(node_hash(&range_hash(nodes, from, middle)?, &range_hash(nodes, middle, to)?))
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// When a node cannot be read.
pub fn root<N: Nodes>(nodes: &mut N, size: u64) -> Result<Hash, N::Error> {
    if size == 0 { Ok(sha256(&[])) } else { range_hash(nodes, 0, size) }
}

/// The proof that leaf `index` is in the tree of the first `size` leaves; `index < size`.
///
/// # Errors
/// When a node cannot be read.
pub fn prove_inclusion<N: Nodes>(nodes: &mut N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    fn path<N: Nodes>(nodes: &mut N, index: u64, from: u64, to: u64, proof: &mut Vec<Hash>) -> Result<(), N::Error> {
        if to - from <= 1 {
            return Ok(());
        }
        let middle = from + (1 << split_level(to - from));
        if index < middle {
            path(nodes, index, from, middle, proof)?;
            proof.push(range_hash(nodes, middle, to)?);
        } else {
            path(nodes, index, middle, to, proof)?;
            proof.push(range_hash(nodes, from, middle)?);
        }
        Ok(())
    }
    let mut proof = Vec::new();
    path(nodes, index, 0, size, &mut proof)?;
    Ok(proof)
}

/// The proof that the tree of the first `old` leaves is the beginning of that of the first `new`; `0 < old <= new`.
///
/// # Errors
/// When a node cannot be read.
pub fn prove_consistency<N: Nodes>(nodes: &mut N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    fn path<N: Nodes>(nodes: &mut N, old: u64, (from, to): (u64, u64), is_whole: bool, proof: &mut Vec<Hash>) -> Result<(), N::Error> {
        if old == to {
            if !is_whole {
                proof.push(range_hash(nodes, from, to)?);
            }
            return Ok(());
        }
        let middle = from + (1 << split_level(to - from));
        if old <= middle {
            path(nodes, old, (from, middle), is_whole, proof)?;
            proof.push(range_hash(nodes, middle, to)?);
        } else {
            path(nodes, old, (middle, to), false, proof)?;
            proof.push(range_hash(nodes, from, middle)?);
        }
        Ok(())
    }
    let mut proof = Vec::new();
    if 0 < old && old < new {
        path(nodes, old, (0, new), true, &mut proof)?;
    }
    Ok(proof)
}

/// Whether `proof` shows that `leaf` is number `index` of the `size` leaves under `root`.
pub fn is_included(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for step in proof {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node.is_multiple_of(2) && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, step);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the `old` leaves under `old_root` are the first of the `new` ones under `new_root`.
pub fn is_consistent((old, old_root): (u64, &Hash), (new, new_root): (u64, &Hash), proof: &[Hash]) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let mut steps = proof.iter();
    let Some(first) = (if old.is_power_of_two() { Some(old_root) } else { steps.next() }) else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    while node % 2 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    let (mut left, mut right) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            (left, right) = (node_hash(step, &left), node_hash(step, &right));
            while node.is_multiple_of(2) && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            right = node_hash(&right, step);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && left == *old_root && right == *new_root
}

/// The growing edge of a tree: the roots of its largest complete parts, which are enough to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    /// The largest part first; one for each bit of `size`.
    peaks: Vec<Hash>,
}

/// A node that became complete: its level, its index, and itself.
pub type Completed = (u32, u64, Hash);

impl Edge {
    /// The edge of a tree with `size` leaves; none when `peaks` are not as many as such a tree has.
    pub fn of(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (u32::try_from(peaks.len()).ok() == Some(size.count_ones())).then_some(Self { size, peaks })
    }

    /// The edge of the first `size` leaves.
    ///
    /// # Errors
    /// When a node cannot be read.
    pub fn read<N: Nodes>(nodes: &mut N, size: u64) -> Result<Self, N::Error> {
        let levels = (0..64_u32).rev().filter(|level| size >> level & 1 == 1);
        // Left of a part of 2^level leaves stand only larger ones.
        let peaks = levels.map(|level| nodes.node(level, (size >> level) - 1)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// How many leaves there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the largest complete parts.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds a leaf; the nodes above level 0 that it completes.
    pub fn append(&mut self, leaf: Hash) -> Vec<Completed> {
        let (mut hash, mut level, mut index, mut completed) = (leaf, 0, self.size, Vec::new());
        while index % 2 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            (hash, level, index) = (node_hash(&left, &hash), level + 1, index >> 1);
            completed.push((level, index, hash));
        }
        self.peaks.push(hash);
        self.size += 1;
        completed
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => sha256(&[]),
            Some(smallest) => peaks.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
