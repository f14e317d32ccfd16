import Foundation
import Subprocess
import Testing

@testable import HeddleCommands

@Suite struct `Reports in files` {
  static let model = Checkout.root + "/models/seed/deposit.wrong.heddle"

  @Test func `are as many as are asked for, and people still read theirs`() throws {
    let folder = try Folder()
    var arguments = ["verify", Self.model]
    for format in ReportFormat.allCases {
      arguments += ["--format", format.rawValue, "--output", "\(folder.path)/report.\(format)"]
    }
    let run = ToolRun(arguments)
    #expect(run.status == 0, "\(run.notes)")
    #expect(run.output.contains("lost update on `balance`"))
    for format in ReportFormat.allCases {
      let text = try String(
        contentsOf: URL(filePath: "\(folder.path)/report.\(format)"),
        encoding: .utf8
      )
      #expect(text.contains("deposit.wrong"), "\(format)")
    }
  }

  @Test(arguments: [ReportFormat.json, .html, .markdown, .sarif, .junit, .itf, .github])
  func `of a machine's format on standard output move the text to standard error`(
    format: ReportFormat
  ) {
    let run = ToolRun(["verify", Self.model, "--format", format.rawValue])
    #expect(run.status == 0)
    #expect(!run.output.hasPrefix("FAIL"))
    #expect(run.notes.contains("FAIL  deposit.wrong: lost update on `balance`"))
    #expect(run.notes.contains("as expected"))
  }

  @Test(arguments: [
    ("a.json", ReportFormat.json), ("a.SARIF", .sarif), ("a.sarif.json", .sarif), ("a.htm", .html),
    ("a.html", .html), ("a.md", .markdown), ("a.xml", .junit), ("a.itf.json", .itf),
    ("a.txt", .text),
    ("a", .text),
  ])
  func `are in the format that their names ask for`(name: String, format: ReportFormat) throws {
    #expect(
      try ReportRequests.pair(["--output", name]) == [ReportRequest(format: format, file: name)]
    )
  }

  @Test func `are not written twice into one file, however it is named`() throws {
    let folder = try Folder()
    let file = try folder.file("a.txt", "")
    let run = ToolRun([
      "verify", Self.model, "--format", "html", "--output", file, "--format", "sarif", "--output",
      "\(folder.path)/./a.txt",
    ])
    #expect(run.status == 2)
    #expect(run.notes.contains("two reports cannot both go to"))
  }

  @Test func `of traces of ITF have a number each after the first`() throws {
    #expect(ReportWriter.numbered("out/a.itf.json", 2) == "out/a-2.itf.json")
    #expect(ReportWriter.numbered("out.d/a", 3) == "out.d/a-3")
    let folder = try Folder()
    let scenario = try folder.file(
      "two.heddle",
      "shared a = 0\nshared b = 0\nthread t * 2 { let x = a; a = x + 1; let y = b; b = y + 1 }\n"
    )
    let run = ToolRun([
      "verify", scenario, "--format", "itf", "--output", "\(folder.path)/t.itf.json",
    ])
    #expect(run.status == 1)
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/t-2.itf.json"))
  }

  @Test func `stay as they were when there is no room for the new ones`() async throws {
    let folder = try Folder()
    let file = try folder.file("report.html", "the old one")
    // A file of this shell may have one block of 1 024 bytes.
    let script = "ulimit -f 1; \"$0\" verify \"$1\" --format html --output \"$2\""
    let result = try await run(
      .path("/bin/bash"),
      arguments: ["-c", script, `The process`.tool.string, Self.model, file],
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    #expect(result.terminationStatus == .exited(2))
    #expect(result.standardError.contains("cannot write '\(file)': file too large"))
    #expect(try String(contentsOf: URL(filePath: file), encoding: .utf8) == "the old one")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.html"])
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root can mount a small disk"))
  func `on a full disk are whole or not there, and nothing else is left behind`() throws {
    let disk = try SmallDisk()
    // The page does not fit, although the first of its blocks do.
    let models = Checkout.root + "/models/classics"
    let page = "\(disk.path)/page.html"
    let first = ToolRun(["verify", models, "--format", "html", "--output", page])
    #expect(first.status == 2)
    #expect(first.notes.contains("cannot write '\(page)': no space left on device"))
    #expect(try disk.files == [])

    // What was written before the disk was full stays whole, and what there was before stays as it was.
    let short = "\(disk.path)/short.md"
    try "the old one".write(toFile: "\(disk.path)/old.html", atomically: false, encoding: .utf8)
    let second = ToolRun([
      "verify", models, "--format", "markdown", "--output", short, "--format", "html", "--output",
      "\(disk.path)/old.html",
    ])
    #expect(second.status == 2)
    #expect(try disk.files == ["old.html", "short.md"])
    #expect(try String(contentsOfFile: short, encoding: .utf8).hasSuffix("|\n"))
    #expect(try String(contentsOfFile: "\(disk.path)/old.html", encoding: .utf8) == "the old one")

    try disk.fill()
    let third = ToolRun(["verify", Self.model, "--format", "json", "--output", short])
    #expect(third.status == 2)
    #expect(try disk.files == ["old.html", "rest", "short.md"])
    #expect(try String(contentsOfFile: short, encoding: .utf8).hasPrefix("## Heddle"))
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      ["--output", "/dev/full"], ["--format", "html", "--output", "/dev/full"],
    ]
  )
  func `to a device without room end with 2`(options: [String]) {
    let run = ToolRun(["verify", Self.model] + options)
    #expect(run.status == 2)
    #expect(run.notes.contains("cannot write '/dev/full': no space left on device"))
  }

  @Test func `tells neither times nor memory if that is asked for`() throws {
    let folder = try Folder()
    let file = try folder.file("fine.heddle", "thread t * 2 { sleep 1 }\n")
    let text = ToolRun(["verify", file, "--reproducible"]).output
    #expect(text.contains("2 states, 1 transition; no limit was reached"))
    #expect(!text.contains(" ms"))
    let json = ToolRun(["verify", file, "--reproducible", "--format", "json"]).output
    #expect(json.contains("\"seconds\": null, \"peak_memory_bytes\": null"))
    #expect(ToolRun(["verify", file, "--format", "markdown"]).output.contains("ms |"))
    #expect(
      !ToolRun(["verify", file, "--reproducible", "--format", "markdown"]).output.contains("ms |")
    )
  }
}
