public import HeddleDiagnostics
public import HeddleProgram
import HeddleSemantics

extension Program {
  /// The text of a span on one line: comments left out, white space folded.
  public func foldedText(_ span: SourceSpan) -> String {
    let bytes = Array(source.bytes[(span.start..<span.end).clamped(to: 0..<source.bytes.count)])
    var folded: [UInt8] = []
    var needsSpace = false
    var commentDepth = 0
    var isInString = false
    var index = 0
    func follows(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
      index + 1 < bytes.count && bytes[index] == UInt8(ascii: first)
        && bytes[index + 1] == UInt8(ascii: second)
    }
    func append(_ byte: UInt8) {
      if needsSpace, !folded.isEmpty { folded.append(UInt8(ascii: " ")) }
      needsSpace = false
      folded.append(byte)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if isInString {
        folded.append(byte)
        if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
          index += 1
          folded.append(bytes[index])
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if follows("/", "*") {
        commentDepth += 1
        needsSpace = true
        index += 1
      } else if commentDepth > 0 {
        if follows("*", "/") {
          commentDepth -= 1
          index += 1
        }
      } else if follows("/", "/") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        needsSpace = true
      } else if byte == UInt8(ascii: " ") || (9...13).contains(byte) {
        needsSpace = true
      } else {
        isInString = byte == UInt8(ascii: "\"")
        append(byte)
      }
      index += 1
    }
    return String(decoding: folded, as: UTF8.self)
  }

  /// A statement's text on one line.
  public func text(of statement: StatementID) -> String {
    foldedText(statements[statement.index].span)
  }

  /// The line on which a statement begins.
  func line(of statement: StatementID) -> Int {
    source.line(of: statements[statement.index].span.start)
  }

  /// The line of the statement that an instruction belongs to.
  func line(of position: InstructionID) -> Int {
    line(of: instructionStatements[position.index])
  }

  /// The line on which a claim begins.
  func line(of claim: ClaimID) -> Int { source.line(of: claims[claim.index].span.start) }

  /// What a blocked thread waits for, as it follows "waits for"; `code` marks the names of variables and objects.
  func text(of blockage: Blockage, _ code: (String) -> String) -> String {
    func name(_ object: ObjectID) -> String { code(objects[object.index].name) }
    switch blockage {
    case .acquiring(let object), .lockOfCondition(_, let object):
      switch objects[object.index].kind {
      case .semaphore: return "a permit of \(name(object))"
      case .rlock: return "rlock \(name(object))"
      default: return "lock \(name(object))"
      }
    case .notification(let object): return "a notify on \(name(object))"
    case .event(let object): return "\(name(object)) to be set"
    case .parties(let object, let missing):
      return "\(counted(missing, "more thread")) at \(name(object))"
    case .barrierToEmpty(let object): return "\(name(object)) to empty"
    case .item(let object): return "an item in \(name(object))"
    case .room(let object): return "room in \(name(object))"
    case .tasksDone(let object, let unfinished):
      return "task_done for \(counted(unfinished, "item")) of \(name(object))"
    case .threads(let threads):
      return "\(listed(threads.map { instances[$0.index].name }, limit: 3)) to end"
    case .condition: return "its condition to hold"
    }
  }
}

/// "a", "a and b", "a, b and c"; with a limit, "a, b and 3 more".
func listed(_ names: [String], limit: Int = .max) -> String {
  var names = names
  if names.count > limit {
    let rest = names.count - (limit - 1)
    names = names.prefix(limit - 1) + ["\(rest) more"]
  }
  guard let last = names.last else { return "" }
  return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
}

/// "1 step", "2 steps".
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
}
