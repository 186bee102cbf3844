use super::*;
use std::convert::Infallible;

/// Every complete node, computed from the leaves as RFC 6962 section 2.1 writes it down.
struct Plain(Vec<Hash>);

fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(1 << split_level(more.len() as u64));
            node_hash(&by_definition(left), &by_definition(right))
        }
    }
}

impl Nodes for Plain {
    type Error = Infallible;

    fn node(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let from = usize::try_from(index << level).unwrap();
        Ok(by_definition(&self.0[from..from + (1 << level)]))
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

#[test]
fn the_roots_are_those_of_the_reference() {
    // Test data of the Certificate Transparency project, as quoted in many implementations: the tree of these eight leaves.
    let inputs: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::default();
    for (input, root) in inputs.iter().zip(roots) {
        edge.append(leaf_hash(input));
        assert_eq!(crate::base::encoding::hex(&edge.root()), root);
    }
}

#[test]
fn the_edge_completes_every_node_once_and_gives_the_root_of_the_definition() {
    let all = leaves(70);
    let (mut edge, mut completed) = (Edge::default(), std::collections::BTreeMap::new());
    for (count, leaf) in all.iter().enumerate() {
        assert_eq!(edge.root(), by_definition(&all[..count]));
        for (level, index, hash) in edge.append(*leaf) {
            assert_eq!(Plain(all.clone()).node(level, index), Ok(hash));
            assert!(completed.insert((level, index), hash).is_none());
        }
        let size = count as u64 + 1;
        assert_eq!(Edge::read(&mut Plain(all.clone()), size), Ok(edge.clone()));
        assert_eq!(root(&mut Plain(all.clone()), size), Ok(edge.root()));
        assert_eq!(Edge::of(size, edge.peaks().to_vec()).as_ref(), Some(&edge));
    }
    assert_eq!(completed.len(), 35 + 17 + 8 + 4 + 2 + 1);
    assert_eq!(Edge::of(3, vec![[0; 32]]), None);
}

#[test]
fn every_inclusion_is_proven_and_nothing_else_is() {
    for size in 1..40_u64 {
        let all = leaves(size);
        let root = by_definition(&all);
        for index in 0..size {
            let proof = prove_inclusion(&mut Plain(all.clone()), index, size).unwrap();
            let leaf = all[usize::try_from(index).unwrap()];
            assert!(is_included(&leaf, index, size, &proof, &root), "{index} of {size}");
            assert!(!is_included(&leaf_hash(b"other"), index, size, &proof, &root));
            assert!(!is_included(&leaf, (index + 1) % size, size, &proof, &root) || size == 1);
            assert!(!is_included(&leaf, index, size, &[proof.as_slice(), &[[7; 32]]].concat(), &root));
            assert!(proof.is_empty() || !is_included(&leaf, index, size, &proof[1..], &root));
            assert!(!is_included(&leaf, size, size, &proof, &root));
        }
    }
}

#[test]
fn every_growth_is_proven_and_no_rewriting_is() {
    for new in 1..40_u64 {
        let all = leaves(new);
        let new_root = by_definition(&all);
        for old in 1..=new {
            let old_root = by_definition(&all[..usize::try_from(old).unwrap()]);
            let proof = prove_consistency(&mut Plain(all.clone()), old, new).unwrap();
            assert!(is_consistent((old, &old_root), (new, &new_root), &proof), "{old} of {new}");
            assert!(!is_consistent((old, &[9; 32]), (new, &new_root), &proof));
            assert!(!is_consistent((old, &old_root), (new, &[9; 32]), &proof));
            assert!(!is_consistent((old, &old_root), (new, &new_root), &[proof.as_slice(), &[[7; 32]]].concat()));
            assert!(!is_consistent((0, &old_root), (new, &new_root), &proof));
            assert!(!is_consistent((new + 1, &old_root), (new, &new_root), &proof));
        }
        // What was written over before an old head does not lead to it.
        if new > 2 {
            let mut forged = all.clone();
            forged[0] = leaf_hash(b"forged");
            let proof = prove_consistency(&mut Plain(forged.clone()), new - 1, new).unwrap();
            let genuine = by_definition(&all[..usize::try_from(new - 1).unwrap()]);
            assert!(!is_consistent((new - 1, &genuine), (new, &by_definition(&forged)), &proof));
        }
    }
}
