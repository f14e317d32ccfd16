import Foundation
import Subprocess
import Testing

@testable import HeddleCommands

/// What SECURITY.md promises about scenarios from strangers.
@Suite struct `A scenario from a stranger` {
  @Test(arguments: [
    "import \"NAME\"", "include \"NAME\"", "import NAME", "#include \"NAME\"", "use NAME",
    "thread t { print open(\"NAME\") }", "thread t { print read(\"NAME\") }",
    "thread t { print \"\\(open(\"NAME\"))\" }", "thread t { exec(\"cat NAME\") }",
    "thread t { system(\"cat NAME\") }", "thread t { print env(\"SECRET\") }",
    "thread t { print $SECRET }", "shared secret = file(\"NAME\")", "const secret = env.SECRET",
    "@NAME", "!NAME", "thread t { print time() }",
  ])
  func `cannot read anything`(text: String) throws {
    let folder = try Folder()
    let secret = try folder.file("secret.heddle", "shared the_content = 1\n")
    let text = text.replacing("NAME", with: secret)
    let file = try folder.file("scenario.heddle", text + "\nthread other { sleep 1 }\n")
    for command in ["verify", "run"] {
      let run = ToolRun([command, file])
      #expect(run.status == 2)
      #expect(!(run.output + run.notes).contains("the_content"))
    }
  }

  @Test func `writes nothing but the report that was asked for`() throws {
    let folder = try Folder()
    let model = try String(
      contentsOfFile: Checkout.root + "/models/seed/deposit.wrong.heddle",
      encoding: .utf8
    )
    let file = try folder.file("a.heddle", model)
    let report = folder.path + "/a.json"
    for arguments in [
      ["verify", file], ["verify", file, "--count-orders", "--reduction", "none"],
      ["verify", file, "--format", "html"], ["run", file], ["run", file, "--steps"],
      ["explain", "HD101"], ["format", "--check", file],
    ] {
      _ = ToolRun(arguments)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.heddle"])
    }
    #expect(ToolRun(["verify", file, "--output", report]).status == 0)
    #expect(ToolRun(["replay", file, report]).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a.heddle", "a.json"])
    #expect(try String(contentsOfFile: file, encoding: .utf8) == model)
  }

  /// Characters that would drive a terminal, hide text or turn it round.
  static let disturbing = [
    "\u{1B}[31m\u{1B}]0;title\u{7}", "\u{9B}31m", "\u{202E}\u{2066}", "\u{200B}\u{FEFF}\u{AD}",
    "\u{8}\r\u{85}", "\u{2028}\u{E000}",
  ]

  @Test(arguments: disturbing)
  func `cannot drive the terminal`(text: String) throws {
    let folder = try Folder()
    let plain = "shared x = 0\nthread t * 2 { let old = x; x = old + 1 }\n"
    let scenarios = [
      "shared s = \"\(text)\"\nthread t { print s; assert s == \"\", \"\(text)\" }\n",
      "shared s = 0 // \(text)\nthread t { s = 1; assert s == 2 /* \(text) */ }\n",
      "lock \(text)\n", "thread t\(text) { }\n", "main { fail \"\(text)\" }\n", plain,
    ]
    var runs = [["explain", text], [text], ["verify", text], ["--\(text)"]]
    for (number, scenario) in scenarios.enumerated() {
      let file = try folder.file("\(number)\(text).heddle", scenario)
      runs += [["verify", file], ["run", file], ["format", "--check", file]]
    }
    let file = try folder.file("\(text).heddle", plain)
    runs += [
      ["run", file, "--steps"], ["run", file, "--schedule", text],
      ["run", file, "--schedule", "t#1\(text)"], ["verify", file, "--set", "\(text)=1"],
    ]
    for arguments in runs {
      let run = ToolRun(arguments)
      #expect(Self.isPlain(run.output + run.notes), "\(arguments) \(run.output)\(run.notes)")
    }
    let report = """
      {"schema": 1, "scenarios": [{"name": "b", "file": "b", "findings": [{"code": "\(Self.escaped(text))",
       "subject": "\(Self.escaped(text))", "schedule": "t#1 t#2 t#1 t#2"}]},
       {"name": "\(Self.escaped(text))", "file": "b", "findings": []}]}
      """
    let other = try folder.file("b.heddle", plain)
    let run = ToolRun(["replay", other, try folder.file("report.json", report)])
    #expect(run.status == 1)
    #expect(run.output.contains("does not show"))
    #expect(Self.isPlain(run.output + run.notes))
  }

  /// As JSON writes it.
  private static func escaped(_ text: String) -> String {
    text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: scalar == "\n"
      default: true
      }
    }
  }

  @Test func `comes out in a page that loads nothing`() throws {
    let folder = try Folder()
    let file = try folder.file(
      "a.heddle",
      "thread t { assert 1 == 2, \"<img src=x onerror=alert(1)> javascript:alert(1)\" }\n"
    )
    let page = ToolRun(["verify", file, "--format", "html"]).output
    #expect(page.contains("content=\"default-src 'none';"))
    for pattern in ["<img", "<iframe", "<object", "<embed", "@import", "url(http"] {
      #expect(!page.contains(pattern), "\(pattern)")
    }
    // The empty icon keeps browsers from asking for one.
    let links = page.matches(of: #/<link[^>]*>/#).map { String($0.output) }
    #expect(links == ["<link rel=\"icon\" href=\"data:,\">"])
    #expect(!page.contains(#/<[a-z]+[^>]*\s(src|srcset|data|action|onerror)=/#))
  }

  #if os(Linux)
  /// Asked of the kernel again and again while a search runs: what is open beside the standard streams and timers, and which
  /// processes there are.
  ///
  /// The kernel's accounts of memory are read from time to time, whatever the scenario says.
  @Test func `is searched without a socket, a file of its own or another process`() async throws {
    let folder = try Folder()
    let file = try folder.file("endless.heddle", `The process`.endless)
    let notes = folder.path + "/notes"
    let script = """
      "$0" verify "$1" --reduction none --progress </dev/null >/dev/null 2>"$2" &
      until [ -s "$2" ]; do sleep 0.05; kill -0 $! || exit 9; done
      accounts="^/proc/(meminfo|$!/cgroup)$|^/sys/fs/cgroup/(.*/)?memory\\.[a-z_]+$"
      for sample in {1..50}; do
        ls -l /proc/$!/fd | sed -n 's/.* -> //p' | grep -v '^anon_inode:' | grep -vE "$accounts"
        cat /proc/$!/task/*/children
      done | sort -u
      kill -TERM $!
      wait $!
      echo $?
      """
    let result = try await run(
      .path("/bin/bash"),
      arguments: ["-c", script, `The process`.tool.string, file, notes],
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    #expect(result.standardOutput == "/dev/null\n\(notes)\n130\n")
  }
  #endif
}
