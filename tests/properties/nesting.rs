//! Texts that are made to cost much: deep ones, and those of few bytes that stand for many. A test has a thread of
//! 2 MiB, a quarter of what the Job's own has, in a build whose frames are larger.

use super::declaring::{values, words};

/// The only fault of a text.
fn fault(text: &str) -> String {
    let faults = values(text).err().map(|faults| words(&faults)).unwrap_or_default();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap()
}

#[test]
fn depth_is_refused_and_overflows_nothing() {
    let deep = 100_000;
    let pairs = |open: &str, close: &str| format!("{}1{}", open.repeat(deep), close.repeat(deep));
    for text in [pairs("[", "]"), pairs("{\"a\":", "}"), "[".repeat(deep), "{\"connections\": ".repeat(deep)] {
        assert!(
            fault(&text).starts_with("SCJ1002 values.yaml: the text is nested too deeply at line 1, column "),
            "{}",
            fault(&text)
        );
    }
}

#[test]
fn depth_that_only_yaml_has_is_refused_too() {
    let deep = 300;
    let indented = (0..deep).map(|depth| " ".repeat(depth) + "a:\n").collect();
    for text in ["- ".repeat(deep) + "a", "{a: ".repeat(deep) + &"}".repeat(deep), "? ".repeat(deep) + "a", indented] {
        assert!(fault(&text).starts_with("SCJ1002 values.yaml: the text is nested too deeply"), "{}", fault(&text));
    }
}

#[test]
fn aliases_of_aliases_are_refused_before_they_are_written_out() {
    let names: Vec<String> = (0..20).map(|index| format!("a{index}")).collect();
    let line = |pair: &[String]| format!("{}: &{0} [{}]\n", pair[1], format!("*{},", pair[0]).repeat(9));
    let laughs: String = names.windows(2).map(line).collect();
    let text = format!("a0: &a0 ha\n{laughs}connections: {{}}\n");
    assert!(fault(&text).starts_with("SCJ1002 values.yaml: the text is not valid YAML"), "{}", fault(&text));
}

#[test]
fn few_aliases_of_much_are_refused_before_they_are_written_out() {
    let many = format!("image: &a [{}]\njob: [{}]\n", "x,".repeat(5_000), "*a,".repeat(5_000));
    let long = format!("image: &a '{}'\njob: [{}]\n", "x".repeat(500_000), "*a,".repeat(50_000));
    for text in [many, long] {
        assert!(fault(&text).starts_with("SCJ1002 values.yaml: its aliases stand for more than "), "{}", fault(&text));
    }
}

#[test]
fn ordinary_anchors_and_merge_keys_are_taken() {
    let connection = |index: usize| format!("  c{index}: {{<<: *base, secretName: own-{index}}}\n");
    let connections: String = (0..1_000).map(connection).collect();
    let text =
        format!("global: &base {{namespace: shop, data: {{KEY: '{}'}}}}\nconnections:\n{connections}", "x".repeat(200));
    let declared = values(&text).map_err(|faults| words(&faults)).unwrap();
    assert_eq!(declared.connections.len(), 1_000);
    assert!(declared.connections.iter().all(|connection| connection.namespace == "shop"));
}

#[test]
fn an_anchor_that_holds_itself_is_refused() {
    for text in ["connections: &a [*a]", "connections: &a {<<: *a, b: {data: {KEY: v}}}"] {
        assert!(fault(text).starts_with("SCJ1002 values.yaml: "), "{}", fault(text));
    }
}

#[test]
fn a_huge_key_is_refused_like_any_other() {
    let text =
        format!("{{\"connections\": {{\"a\": {{\"{}\": 1, \"data\": {{\"KEY\": \"v\"}}}}}}}}", "k".repeat(100_000));
    assert!(fault(&text).starts_with("SCJ1003 connections.a.kkk"));
}
