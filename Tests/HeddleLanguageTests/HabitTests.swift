import HeddleDiagnostics
import HeddleLanguage
import Testing

/// What people write who know another language, and what they are told.
@Suite struct `Habits from elsewhere` {
  private func diagnostics(_ text: String) -> [String] {
    Frontend.load(SourceFile(name: "a.heddle", text: text)).diagnostics.map {
      "\($0.severity == .warning ? "warning: " : "")\($0.message)"
    }
  }

  @Test(arguments: [
    ("thread t { x = 6 }", "'var x = …' declares it here"),
    ("shared total = 1\nthread t { totl = 6 }", "did you mean 'total'?"),
    ("thread t { time.sleep(2) }", "there are no modules such as 'time'"),
    ("shared x = [1, 2]\nthread t { print len(x[0]) }", "the length of an array 'a' is 'a.count'"),
    ("lock g\nthread t { g.lock() }", "it is taken with 'acquire()'"),
    ("lock g\nthread t { g.unlock() }", "it is given back with 'release()'"),
    ("condition c\nthread t { c.signal() }", "one waiter is woken by 'notify()'"),
    ("condition c\nthread t { c.broadcast() }", "all waiters are woken by 'notify_all()'"),
    ("condition c\nthread t { c.wait_for() }", "write 'while !condition { name.wait() }'"),
    ("queue q\nthread t { q.push(1) }", "an item is put in with 'put(…)'"),
    ("mutex m\nthread t { }", "did you mean 'lock'?"),
    ("lock = threading.Lock()", "'lock name', without '='"),
    ("thread main { sleep 1 }", "the main thread is written 'main { ... }'"),
    ("thread t { }\nmain { let h = start t; h.start() }", "'start' stands before"),
    ("thread t { sleep 1 }\nmain { let h = t(3) }", "it is started with 'start t(…)'"),
    ("thread t { skip }", "an empty block is written '{ }', without 'skip'"),
    ("thread t { nop }", "'nop' alone does nothing; a call is 'nop()', an assignment 'nop = ...'"),
    ("event e\nthread t { e.wait(5) }", "with one it takes 'timeout:'"),
    ("queue q\nthread t { q.get(block: false) }", "it takes 'blocking:' and 'timeout:'"),
    ("lock l\nthread t { l.acquire(blocking=false) }", "as in 'blocking: false'"),
    ("lock l = Lock()\nthread t { }", "the declaration ends with the name, as in 'lock l'"),
    ("const n: Int = 3\nthread t { }", "a constant has the type of its value"),
    ("shared a[3] = 0\nthread t { }", "as in 'a = [0; 3]'"),
    ("shared int x = 0\nthread t { }", "the name stands first"),
    ("x = 0\nthread t { }", "outside of threads stand 'shared' variables"),
    ("int x = 0\nthread t { }", "outside of threads stand 'shared' variables"),
    ("thread w { }\nmain { go w() }", "started by 'start worker', not by 'go'"),
    ("event e\nthread t { while !e { } }", "ask 'e.is_set()'"),
    ("thread t may outlive main { }", "only a daemon can outlive 'main'"),
    ("func main() { }", "the main thread is written 'main { ... }'"),
    ("main() { sleep 1 }", "'main' has no parameters"),
    ("thread t { }\nexpect HD101", "did you mean 'lost-update'?"),
    ("thread t { }\nexpect race", "did you mean 'data-race'?"),
    ("func f() { }\nmain { let t = Thread(target=f) }", "a thread is declared by 'thread name"),
    ("const n = any 1...3\nthread t { print n }", "is the initial value of a 'shared' variable"),
  ])
  func `are answered with what to write`(text: String, answer: String) {
    #expect(diagnostics(text).contains { $0.contains(answer) }, "\(diagnostics(text))")
  }

  @Test func `of a base are those of its subclass`() {
    let found = diagnostics("daemon thread A { run { } }\nthread B: A may outlive main { }\n")
    #expect(found.allSatisfy { $0.hasPrefix("warning") }, "\(found)")
  }

  @Test(arguments: [
    ("x = x // 2", true), ("x = (x) // 2", true), ("x = a[0]//2", true), ("x = x//y", true),
    ("x = x // (y + 1) ", false), ("x = 4 // (3 + 1)", true), ("x = x // y", false),
    ("x = 1 // 2 is the next", false), ("x = 1 // Step 2", false), ("x = 1  // one", false),
    ("// 2", false), ("x = 1 //", false), ("x = y // 100 %", false),
    ("if x > 1 { x = x // 2 }", true), ("if x > 1 { x = x//y } }", true),
    ("x = 1 // }", false), ("x = 1 // } 2", false), ("x = 1 // 2 } or so", false),
  ])
  func `that make a comment of a division are warned of`(line: String, isWarned: Bool) {
    let text = "shared x = 1\nshared y = 1\natomic shared a = [1; 2]\nthread t {\n  \(line)\n}"
    #expect(diagnostics(text).contains { $0.hasPrefix("warning: '//'") } == isWarned)
  }

  @Test(arguments: [
    ("thread t { if (x == 0) x = 1 }", "after the condition, found 'x'"),
    ("thread t { while true sleep 1 }", "after the condition, found 'sleep'"),
    ("thread t { with l sleep 1 }", "after the lock, found 'sleep'"),
    ("thread t { atomic x += 1 }", "after 'atomic', found 'x'"),
    ("thread t {\n  if x == 0 x = 1 }\n}", "after the condition, found 'x'"),
  ])
  func `of leaving braces out are answered once`(text: String, answer: String) {
    let found = diagnostics("shared x = 0\nlock l\n\(text)\n")
    #expect(found.count == 1, "\(found)")
    #expect(found[0].contains(answer), "\(found)")
  }

  @Test(arguments: ["shared n = any 0..3\n", "thread t { for i in 0..3 { print i } }\n"])
  func `of writing ranges are answered once`(text: String) {
    let found = diagnostics(text)
    #expect(found.count == 1, "\(found)")
    #expect(found[0].contains("a range is written '0..<n' or '0...n'"))
  }

  @Test func `that are warned of do not keep a scenario from being laid out`() throws {
    let text = "shared x = 4\nthread t {\n    x = 8  // 2\n}\n"
    let result = Formatter.format(SourceFile(name: "a.heddle", text: text))
    #expect(try result.get() == text)
  }

  @Test(arguments: ["true//k", "choose { sleep 1//k\n}"])
  func `that are warned of hide no mistake`(statement: String) {
    let found = diagnostics("thread t {\n\(statement)\n}\n")
    #expect(found.contains { !$0.hasPrefix("warning") }, "\(found)")
  }

  @Test func `that look like divisions do not make a scenario wrong, however many`() {
    let lines = String(repeating: "  x = x // 2\n", count: 500)
    let result = Frontend.load(
      SourceFile(name: "a.heddle", text: "shared x = 1\nthread t {\n\(lines)}")
    )
    #expect(result.program != nil)
    #expect(!result.diagnostics.contains { $0.severity == .error })
  }
}
