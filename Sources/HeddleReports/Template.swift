import Mustache

/// The templates of the formats that are mostly fixed text; what is put into them is escaped for HTML and XML.
enum Template {
  /// The page for browsers.
  static let page = parsed(PackageResources.page_mustache)
  /// Test results for CI servers.
  static let junit = parsed(PackageResources.junit_mustache)

  private static func parsed(_ bytes: [UInt8]) -> MustacheTemplate {
    do {
      return try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
    } catch {
      preconditionFailure("internal error: a template of a report does not parse: \(error)")
    }
  }
}
