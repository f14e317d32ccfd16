import HeddleDiagnostics
import Testing

@Suite struct `Suggesting a name` {
  @Test(arguments: [
    ("mutx", ["mutex", "tasks"], "mutex"),
    ("taks", ["mutex", "task"], "task"),
    ("Balance", ["balance", "balances"], "balance"),
    ("aquire", ["acquire", "release"], "acquire"),
    ("task_doen", ["task_done", "put"], "task_done"),
    ("goo", ["go"], "go"),
  ])
  func `finds the misspelt one`(written: String, known: [String], expected: String) {
    #expect(closestName(to: written, among: known) == expected)
  }

  @Test(arguments: [
    ("x", ["y", "z"]),
    ("ab", ["ac"]),
    ("put", ["get"]),
    ("fork", ["work", "form"]),
    ("count", []),
    ("taks", ["tasks", "task"]),
    ("", ["a"]),
  ])
  func `keeps quiet when it is not sure`(written: String, known: [String]) {
    #expect(closestName(to: written, among: known) == nil)
  }

  @Test func `does not compare very long names`() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(closestName(to: long, among: [long + "b"]) == nil)
  }

  @Test func `ignores the name itself and repeated candidates`() {
    #expect(closestName(to: "lock", among: ["lock", "locks", "locks"]) == "locks")
  }
}
