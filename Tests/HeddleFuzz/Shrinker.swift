/// Makes an input that fails smaller, as long as it fails.
struct Shrinker {
  /// How often the failure may be tried again.
  var attempts: Int
  /// Whether an input still fails in the same way.
  var stillFails: ([UInt8]) -> Bool

  /// Removes ever smaller parts: delta debugging without its complements (Zeller and Hildebrandt 2002).
  mutating func shrunk(_ input: [UInt8]) -> [UInt8] {
    var current = input
    var size = current.count / 2
    while size > 0, attempts > 0 {
      var start = 0
      var hasChanged = false
      while start < current.count, attempts > 0 {
        let end = min(current.count, start + size)
        let candidate = Array(current[..<start] + current[end...])
        attempts -= 1
        if stillFails(candidate) {
          current = candidate
          hasChanged = true
        } else {
          start = end
        }
      }
      if !hasChanged || size > 1 { size /= 2 }
    }
    return current
  }
}
