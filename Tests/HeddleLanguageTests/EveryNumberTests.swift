import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import Testing

@Suite struct `A constant of every number` {
  private func load(_ text: String, _ constants: [String: Int] = [:]) -> LoadResult {
    Frontend.load(
      SourceFile(name: "a.heddle", text: text),
      options: LoadOptions(constants: constants)
    )
  }

  private static let counters = """
    const n = any >= 1
    shared count = 0
    thread counter * n { atomic { count += 1 } }
    finally { assert count == 1 * n }
    """

  @Test func `counts threads, and every use of it is known`() throws {
    let program = try #require(load(Self.counters).program)
    #expect(program.instances.count == 2)
    let parameter = try #require(program.parameters.first)
    #expect((parameter.name, parameter.minimum, parameter.value) == ("n", 1, 2))
    #expect(program.threadTypes.map(\.countParameter) == [0])
    #expect(parameter.positions.count == 1)
    for position in parameter.positions {
      guard case .move(_, .constant(2)) = program.instructions[position.index] else {
        Issue.record("\(program.instructions[position.index])")
        continue
      }
    }
  }

  @Test(arguments: [
    "main { let team = start t * n; join team }", "main { start t * n }",
    "main { let team = start t * n; team.join() }",
    "main { let team = start t * n; join team; assert x == n }",
  ]) func `counts what main starts`(main: String) throws {
    let text = "const n = any >= 1\nshared x = 0\nthread t { atomic { x += 1 } }\n" + main
    let result = load(text)
    let program = try #require(result.program, "\(result.diagnostics)")
    #expect(program.threadTypes.map(\.countParameter) == [nil, 0])
    #expect(program.instances.count == 3)
    #expect(try #require(load(text, ["n": 4]).program).instances.count == 5)
  }

  @Test func `is a constant like others once it is set`() throws {
    let program = try #require(load(Self.counters, ["n": 5]).program)
    #expect(program.parameters.isEmpty)
    #expect(program.instances.count == 5)
  }

  @Test(arguments: [
    ("const n = any >= 0\nthread t * n { sleep 1 }", "negativeValue"),
    ("const n = any >= 1\nthread t * n { sleep 1 }\nmain { start t * 2 }", "everyNumberStarts"),
    ("const n = any >= 1\nthread t { }\nmain { start t * n; start t }", "everyNumberStarts"),
    ("const n = any >= 1\nthread t { }\nmain { loop { start t * n } }", "everyNumberStarts"),
    (
      "const n = any >= 1\nthread t { }\nmain { start t * n; loop { start t * n } }",
      "everyNumberStarts"
    ),
    (
      "const n = any >= 1\nthread t { }\nfunc f() { start t * n }\nmain { start t * 2 }",
      "everyNumberStarts"
    ),
    (
      "const n = any >= 1\nthread t { }\nmain { let x = start t * n; let y = x; join y }",
      "threadsOfEveryNumber"
    ),
    (
      "const n = any >= 1\nthread t { }\nfunc f(a: [Thread]) { }\nmain { let x = start t * n; f(x) }",
      "threadsOfEveryNumber"
    ),
    (
      "const n = any >= 1\nthread t { sleep 1 }\nmain { let x = start t * n; join x[0] }",
      "threadsOfEveryNumber"
    ),
    (
      "const n = any >= 1\nthread t { sleep 1 }\nmain { let x = start t * n; assert x.count == 2 }",
      "threadsOfEveryNumber"
    ),
    (
      "const n = any >= 1\nthread t { sleep 1 }\nmain { let x = (start t * n).count }",
      "threadsOfEveryNumber"
    ),
    (
      "const n = any >= 1\nthread t { sleep 1 }\nmain { let x = start t * n; for y in x { join y } }",
      "threadsOfEveryNumber"
    ),
    ("const n = any >= 1\nlock l[n]\nthread t * n { sleep 1 }", "notConstant"),
    ("const n = any >= 1\nconst m = n + 1\nthread t * n { sleep 1 }", "notConstant"),
    ("const n = any >= 1\nthread t * n { sleep 1 }\nthread u { join t }", "threadsOfEveryNumber"),
    ("thread t { let x = any >= 1 }", "everyNumberElsewhere"),
    ("shared x = any >= 1\nthread t { x = 2 }", "everyNumberElsewhere"),
  ]) func `is nothing else`(text: String, id: String) {
    let errors = load(text).diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.id).contains(id), "\(errors.map(\.id))")
  }
}
