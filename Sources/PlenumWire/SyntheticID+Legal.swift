extension SyntheticID {
    /// An id of letters, digits, `_` and `-`: the id itself where it is one, else always the same other one.
    static func legal(_ id: String) -> String {
        let isLegal = id.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
            default: false
            }
        }
        return isLegal && !id.isEmpty ? id : call(id, 0)
    }
}
