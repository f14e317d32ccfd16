import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Whether a text is well-formed XML, by Foundation's parser.
struct XMLCheck {
  let isWellFormed: Bool

  init(_ text: String) { isWellFormed = XMLParser(data: Data(text.utf8)).parse() }
}
