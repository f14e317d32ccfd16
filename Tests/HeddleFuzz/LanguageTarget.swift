import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleScenarioGenerator
import HeddleSemantics

/// The front end and the formatter; a program that is accepted also takes some steps.
struct LanguageTarget: FuzzTarget {
  let corpus: Corpus

  private static let mutator = Mutator(
    dictionary: """
      any assert assume atomic break choose continue else fail false finally for func if in join let loop none print \
      return self sleep start super true try var while with thread daemon main run override shared const lock rlock \
      semaphore bounded condition event barrier queue lifo priority expect allow invariant when or on between pass \
      inconclusive timeout may outlive deadlock lost-update data-race leak misuse capacity order fifo Int Bool String \
      Thread Int? [Int] acquire release locked wait notify notify_all set clear is_set abort reset broken n_waiting put \
      get put_nowait get_nowait task_done qsize empty full is_alive name index count blocking: timeout: ( ) [ ] { } , : \
      ; . ? -> = += -= *= /= %= + - * / % < <= > >= == != && || ! ..< ... // /* */ " \\( _ x t 0 1 2 elif def and not \
      is None True False lambda import class async await switch case guard
      """.split(separator: " ").map { Array($0.utf8) } + [Array("\n".utf8), Array(" ".utf8)],
    brackets: [
      ("(", ")"), ("[", "]"), ("{ ", " }"), ("if true { ", " }"), ("loop { ", " }"),
      ("while x { ", " }"), ("with a { ", " }"), ("atomic { ", " }"), ("-", ""), ("!", ""),
      ("choose { ", " } or { }"), ("try { ", " } finally { }"), ("\"\\(", ")\""), ("/* ", " */"),
      ("thread t { ", " }"), ("1 + ", ""), ("f(", ")"), ("a[", "]"), ("if a { } else ", ""),
      ("x.", ""), ("start w * ", ""),
    ]
  )

  func input(_ random: inout RandomSource) -> [UInt8] {
    let text = Array(corpus.any(&random).text.utf8)
    return Self.mutator.spoil(text, with: Array(corpus.any(&random).text.utf8), &random)
  }

  func complaint(about input: [UInt8]) -> String? {
    let source: SourceFile
    switch SourceFile.load(name: "fuzz.heddle", bytes: input) {
    case .success(let loaded): source = loaded
    case .failure(let invalid):
      return complaint(about: invalid.diagnostics, in: invalid.source)
    }
    let loaded = Frontend.load(source)
    if let complaint = complaint(about: loaded.diagnostics, in: source) { return complaint }
    let hasErrors = loaded.diagnostics.contains { $0.severity == .error }
    guard hasErrors == (loaded.program == nil) else {
      return "a program comes with an error, or neither does"
    }
    if let complaint = complaintAboutFormat(of: source, loaded) { return complaint }
    return loaded.program.flatMap(complaint(about:))
  }

  // MARK: Diagnostics

  private func complaint(about diagnostics: [Diagnostic], in source: SourceFile) -> String? {
    for diagnostic in diagnostics {
      for span in [diagnostic.span] + diagnostic.notes.compactMap(\.span) {
        guard 0 <= span.start, span.start <= span.end, span.end <= source.bytes.count else {
          return "the diagnostic \(diagnostic.id) points outside of the file"
        }
      }
      if diagnostic.message.isEmpty { return "the diagnostic \(diagnostic.id) says nothing" }
    }
    let text = render(diagnostics, in: source)
    if diagnostics.isEmpty != text.isEmpty { return "diagnostics are not shown" }
    let disturbs = text.unicodeScalars.contains { scalar in
      scalar != "\n" && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
    }
    return disturbs ? "a control character reaches the terminal" : nil
  }

  // MARK: Format

  private func complaintAboutFormat(of source: SourceFile, _ loaded: LoadResult) -> String? {
    guard case .success(let text) = Formatter.format(source) else {
      return loaded.program == nil ? nil : "a program cannot be formatted"
    }
    let formatted = SourceFile(name: source.name, text: text)
    guard case .success(let again) = Formatter.format(formatted) else {
      return "what was formatted cannot be formatted"
    }
    guard again == text else { return "formatting is not idempotent" }
    let reloaded = Frontend.load(formatted)
    guard Self.lastingIDs(reloaded) == Self.lastingIDs(loaded) else {
      return "formatting changes the diagnostics"
    }
    guard reloaded.program.map(Self.text) == loaded.program.map(Self.text) else {
      return "formatting changes the program"
    }
    return nil
  }

  /// The diagnostics that do not depend on the spaces before a comment.
  private static func lastingIDs(_ loaded: LoadResult) -> [String] {
    loaded.diagnostics.map(\.id).filter { $0 != "commentLikeDivision" }.sorted()
  }

  /// Everything about a program but where it is in its text.
  private static func text(of program: Program) -> String {
    let claims = program.claims.map { claim in
      let sides = claim.comparison.map { "\($0.operation) \($0.left) \($0.right)" }
      return "\(claim.kind) \(sides ?? "")"
    }
    return ProgramPrinter(program).text() + claims.joined(separator: "\n")
      + "\(program.strings) \(program.templates) \(program.argumentLists) \(program.targetLists)"
  }

  // MARK: Steps

  /// Takes steps, always of the first thread that has one and then of the last; none may trap.
  private func complaint(about program: Program) -> String? {
    let machine = Machine(program)
    guard case .success(let count) = machine.initialStateCount, count > 0 else { return nil }
    var effects = StepEffects(for: program, isRecording: true)
    for takesFirst in [true, false] {
      var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
      var state = buffer.mutableSpan
      var outcome = machine.makeInitialState(count - 1, in: &state, effects: &effects)
      for _ in 0..<40 where outcome == .completed {
        let threads = Array(0..<machine.threadCount)
        let candidates = takesFirst ? threads : threads.reversed()
        guard let thread = candidates.first(where: { machine.choices(of: $0, in: &state) > 0 })
        else { break }
        let choice = takesFirst ? 0 : machine.choices(of: thread, in: &state) - 1
        outcome = machine.apply(thread, choice: choice, to: &state, effects: &effects)
      }
    }
    return nil
  }
}
