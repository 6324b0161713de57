//! What programs and callers may do to the package (W08).

use super::node::script;

#[test]
fn w08_whatever_is_handed_over_gets_a_verdict_or_a_named_error() {
    let output = script(&["--test", "--test-reporter=tap"], "hostile.mjs", &[]);
    assert!(output.contains("# pass 9") && output.contains("# fail 0"), "{output}");
    println!("package: 9 tests of hostile input");
}
