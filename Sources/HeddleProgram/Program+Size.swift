extension Program {
  /// About how many words a state takes; a queue counts for at most a million.
  public var stateWords: Int {
    let threads = instances.reduce(0) { $0 + 2 + threadTypes[$1.type.index].registerCount }
    let values = variables.reduce(0) { $0 + $1.elementCount }
    let synchronization = objects.reduce(0) { words, object in
      guard case .queue(_, let capacity, let bound, _, _) = object.kind else { return words + 2 }
      return words + 2 + min(capacity ?? bound ?? 0, 1_000_000)
    }
    return threads + values + synchronization
  }
}
