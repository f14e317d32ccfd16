import ArgumentParser

/// One report that was asked for: how it is written, and where it goes.
struct ReportRequest: Equatable {
  var format: ReportFormat
  /// The file; `nil` for standard output.
  var file: String?
}

/// The pairs of `--format` and `--output`.
///
/// An `--output` belongs to the last `--format` before it that has none yet, otherwise to the next one after it.
/// Without any `--format`, the file's extension says what is written.
enum ReportRequests {
  /// Pairs the options by their order on the command line.
  ///
  /// `arguments` have been accepted by the parser, so that no value of another option can look like one of these.
  static func pair(_ arguments: [String]) throws(CommandFailure) -> [ReportRequest] {
    var requests: [(format: ReportFormat?, output: String?)] = []
    for (name, value) in occurrences(in: arguments) {
      if name == "--format" {
        let format = ReportFormat(argument: value)
        if let last = requests.indices.last, requests[last].format == nil {
          requests[last].format = format
        } else {
          requests.append((format, nil))
        }
      } else if let open = requests.lastIndex(where: { $0.format != nil && $0.output == nil }) {
        requests[open].output = value
      } else {
        requests.append((nil, value))
      }
    }
    return try checked(requests)
  }

  private static func checked(
    _ pairs: [(format: ReportFormat?, output: String?)]
  ) throws(CommandFailure) -> [ReportRequest] {
    let hasFormats = pairs.contains { $0.format != nil }
    var requests: [ReportRequest] = []
    for (format, output) in pairs {
      let file = output == Files.standardStream ? nil : output
      if let file, file.hasSuffix(Files.scenarioExtension) {
        throw CommandFailure(
          "--output '\(file)' would be a scenario, not a report; name it for example "
            + "'\(file.dropLast(Files.scenarioExtension.count)).txt'"
        )
      }
      if format == nil, hasFormats {
        throw CommandFailure("--output '\(output ?? "")' has no --format of its own")
      }
      let meant = format ?? ReportFormat(fileName: file ?? "")
      requests.append(ReportRequest(format: meant, file: file))
    }
    let places = requests.map { $0.file.map(Files.canonical) }
    for (index, request) in requests.enumerated()
    where places[..<index].contains(places[index]) {
      let place = request.file.map { "'\($0)'" } ?? "standard output"
      throw CommandFailure("two reports cannot both go to \(place); give each its own --output")
    }
    return requests
  }

  /// `--format X`, `--format=X` and the same for `--output`, up to `--`.
  private static func occurrences(in arguments: [String]) -> [(name: String, value: String)] {
    var found: [(name: String, value: String)] = []
    var index = 0
    while index < arguments.count, arguments[index] != "--" {
      let argument = arguments[index]
      index += 1
      for name in ["--format", "--output"] {
        if argument == name, index < arguments.count {
          found.append((name, arguments[index]))
          index += 1
        } else if argument.hasPrefix(name + "=") {
          found.append((name, String(argument.dropFirst(name.count + 1))))
        }
      }
    }
    return found
  }
}
