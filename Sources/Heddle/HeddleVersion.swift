/// Which Heddle this is.
public enum HeddleVersion {
  /// The version, by the rules of semantic versioning.
  public static let current = "0.1.0"
}
