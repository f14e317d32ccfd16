import HeddleScenarioGenerator

/// Spoils texts: mostly piece by piece, so that much of the grammar stays intact, sometimes byte by byte.
struct Mutator {
  /// Pieces to put in, beside those of other texts.
  var dictionary: [[UInt8]]
  /// What may hold itself: what opens it and what closes it.
  var brackets: [(open: String, close: String)]
  /// The largest text that is made, in bytes.
  var maximumSize = 1 << 20

  /// A spoiled copy of `text`; `other` lends its pieces.
  func spoil(_ text: [UInt8], with other: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var pieces = Pieces(text)
    let lender = Pieces(other)
    let count = random.chance(60) ? 1 + random.below(3) : 1 + random.below(20)
    for _ in 0..<count { change(&pieces.bytes, lender.bytes, &random) }
    var result = pieces.text(limit: maximumSize)
    if random.chance(15) { damage(&result, &random) }
    return result
  }

  // MARK: Pieces

  private func change(
    _ pieces: inout [[UInt8]],
    _ lender: [[UInt8]],
    _ random: inout RandomSource
  ) {
    guard !pieces.isEmpty else {
      pieces.append(word(lender, &random))
      return
    }
    let place = random.below(pieces.count)
    let run = place..<min(pieces.count, place + 1 + random.below(random.chance(80) ? 6 : 60))
    switch random.below(12) {
    case 0: pieces.swapAt(place, random.below(pieces.count))
    case 1: pieces.removeSubrange(run)
    case 2: pieces.insert(contentsOf: pieces[run], at: random.below(pieces.count + 1))
    case 3, 4: pieces[place] = word(lender, &random)
    case 5, 6: pieces.insert(word(lender, &random), at: place)
    case 7:
      // The beginning of one text with the end of another.
      guard !lender.isEmpty else { return }
      pieces.removeSubrange(place...)
      pieces += lender[random.below(lender.count)...]
    case 8:
      guard !lender.isEmpty else { return }
      let start = random.below(lender.count)
      let end = min(lender.count, start + 1 + random.below(40))
      pieces.insert(contentsOf: lender[start..<end], at: place)
    case 9: nest(&pieces, run, &random)
    case 10: pieces[place] = hostile(&random)
    default:
      // One piece many times.
      let times = 1 + random.below(random.chance(90) ? 40 : 4_000)
      pieces.insert(contentsOf: Array(repeating: pieces[run], count: times).joined(), at: place)
    }
    // A piece costs more memory here than whoever reads the text needs for it.
    if pieces.count > 1 << 17 { pieces.removeSubrange((1 << 17)...) }
  }

  private func word(_ lender: [[UInt8]], _ random: inout RandomSource) -> [UInt8] {
    if lender.isEmpty || random.chance(50) { return random.pick(dictionary) }
    return random.pick(lender)
  }

  private func nest(
    _ pieces: inout [[UInt8]],
    _ run: Range<Int>,
    _ random: inout RandomSource
  ) {
    let depth = 1 + random.below(random.chance(70) ? 5 : random.chance(70) ? 250 : 20_000)
    let bracket = random.pick(brackets)
    let isClosed = random.chance(80)
    let close = String(repeating: bracket.close, count: isClosed ? depth : random.below(depth))
    pieces.insert(Array(close.utf8), at: run.upperBound)
    pieces.insert(Array(String(repeating: bracket.open, count: depth).utf8), at: run.lowerBound)
  }

  /// A number or a text that somebody may not have thought of.
  private func hostile(_ random: inout RandomSource) -> [UInt8] {
    let digits = random.chance(95) ? random.below(30) : random.below(100_000)
    let options = [
      "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
      "-9223372036854775807", "65535", "65536", "65537", "1024", "1025", "1000000", "4294967296",
      "1_0", "1__0", "_1", "00", "0x10", "1e9", "1.5", ".5", "NaN",
      String(repeating: "9", count: 1 + digits), String(repeating: "a", count: 1 + digits),
      "\u{0}", "\u{7F}", "\u{1B}[31m", "\u{1B}]0;title\u{7}", "\u{202E}", "\u{200B}", "\u{FEFF}",
      "\u{A0}", "\u{2028}", "\u{85}", "é", "e\u{301}", "ﬁ", "İ", "ß", "日本", "👩‍👩‍👧", "\u{E000}",
      "\u{10FFFF}", "\r", "\r\n", "\u{B}", "\u{C}", "\\u{0}", "\\", "\"", "\\(", "\\u{110000}",
      "'", "`", "$", "#", "@", "~", "^",
    ]
    return Array(random.pick(options).utf8)
  }

  // MARK: Bytes

  private func damage(_ text: inout [UInt8], _ random: inout RandomSource) {
    guard !text.isEmpty else { return }
    let place = random.below(text.count)
    switch random.below(7) {
    case 0: text.removeSubrange(place...)
    case 1: text.removeSubrange(..<place)
    case 2: text[place] = UInt8(random.below(256))
    case 3: text[place] ^= 1 << UInt8(random.below(8))
    case 4: text.insert(UInt8(random.below(256)), at: place)
    case 5: text.insert(contentsOf: random.pick(Self.invalidUTF8), at: place)
    default: text.remove(at: place)
    }
  }

  /// Lone continuations, overlong forms, surrogates, too large, cut off, other encodings' marks.
  private static let invalidUTF8: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    [0xF0, 0x9F], [0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0x00],
  ]
}
