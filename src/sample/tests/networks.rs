//! Pipes and nodes, walked one by one, against the faults the truth tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Json, faults, layer, metres, number, text};

#[test]
fn pipes_have_the_planted_faults_and_no_others() {
    let nodes = layer("pipe_node");
    let mut by_number: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    nodes.iter().for_each(|n| by_number.entry(text(n, "node_no")).or_default().push(n));
    let twins: Vec<&str> = by_number.iter().filter(|n| n.1.len() > 1).map(|n| *n.0).collect();
    assert_eq!(twins, vec![faults("duplicate_node_no")[0]["node_no"].as_str().unwrap()]);

    let kind_of = |no: &str| by_number.get(no).map(|n| text(n[0], "pipe_kind"));
    let (mut mixed, mut rising, mut used) = (Vec::new(), Vec::new(), BTreeSet::new());
    for p in layer("pipe") {
        let (kind, id) = (text(p, "kind"), p["id"].as_str().unwrap());
        let ends = [("from_node", "start"), ("to_node", "end")];
        for (end, word) in ends {
            let no = text(p, end);
            used.insert(no);
            if kind_of(no).is_some_and(|k| k != kind) {
                mixed.push(id);
            }
            // ground = depth + level, as the node has it
            if let Some([node]) = by_number.get(no).map(|n| &n[..]) {
                let sum = number(p, &format!("{word}_depth_m")) + number(p, &format!("{word}_level_m"));
                assert!((sum - number(node, "ground_level_m")).abs() < 0.0015, "{id} {end}");
                let places = metres(p);
                let place = if word == "start" { places[0] } else { places[places.len() - 1] };
                let at = metres(node)[0];
                assert!((place[0] - at[0]).hypot(place[1] - at[1]) < 0.01, "{id} does not reach {no}");
            }
        }
        assert_ne!(text(p, "from_node"), text(p, "to_node"), "{id}");
        if matches!(kind, "WS" | "YS") {
            let fall = number(p, "start_level_m") - number(p, "end_level_m");
            if fall * if text(p, "flow") == "+" { 1.0 } else { -1.0 } < 0.0 {
                rising.push(id);
            }
        }
        for depth in ["start_depth_m", "end_depth_m"] {
            assert!((0.6..9.0).contains(&number(p, depth)), "{id}: {depth} {}", number(p, depth));
        }
    }
    assert_eq!(mixed, vec![faults("mixed_joint")[0]["pipe"].as_str().unwrap()]);
    assert_eq!(rising, vec![faults("reversed_slope")[0]["pipe"].as_str().unwrap()]);
    let lonely: Vec<&str> = by_number.keys().copied().filter(|n| !used.contains(n)).collect();
    assert_eq!(lonely, Vec::<&str>::new());
    assert!(
        ["JS", "WS", "YS", "RQ", "RL", "DL", "TX"].iter().all(|k| layer("pipe").iter().any(|p| text(p, "kind") == *k))
    );
}

#[test]
fn supplied_networks_hang_together_but_for_the_part_cut_off() {
    for kind in ["JS", "RQ", "RL", "DL", "TX"] {
        let runs: Vec<(&str, &str)> = layer("pipe")
            .iter()
            .filter(|p| text(p, "kind") == kind)
            .map(|p| (text(p, "from_node"), text(p, "to_node")))
            .collect();
        let source =
            layer("pipe_node").iter().find(|n| text(n, "pipe_kind") == kind && text(n, "role") == "source").unwrap();
        let mut reached: BTreeSet<&str> = BTreeSet::from([text(source, "node_no")]);
        // as often as a network has nodes at most: each round reaches at least one more
        loop {
            let before = reached.len();
            for (a, b) in &runs {
                if reached.contains(a) || reached.contains(b) {
                    reached.extend([a, b]);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let apart: BTreeSet<&str> = runs.iter().flat_map(|r| [r.0, r.1]).filter(|n| !reached.contains(n)).collect();
        let told: BTreeSet<&str> = faults("disconnected")
            .iter()
            .filter(|f| f["kind"] == kind)
            .flat_map(|f| f["node_nos"].as_array().unwrap().iter().filter_map(|n| n.as_str()))
            .collect();
        assert!(apart == told, "{kind}: {} nodes hang apart, {} are told", apart.len(), told.len());
    }
}
