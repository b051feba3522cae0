extension ContentPart {
    /// About how many bytes the part holds, for bounds on what waits or is read at once.
    public var byteCount: Int {
        switch self {
        case .text(let text), .refusal(let text): text.utf8.count
        case .image(let media), .audio(let media), .document(let media):
            switch media.source {
            case .base64(let text), .url(let text), .file(let text): text.utf8.count
            }
        case .reasoning(let reasoning): reasoning.text.utf8.count + (reasoning.opaque?.payload.utf8.count ?? 0)
        case .toolCall(let call): 64 + call.arguments.utf8.count
        case .toolResult(let result): 64 + result.parts.byteCount
        case .opaque(_, let block): block.bytes.count
        }
    }
}

extension [ContentPart] {
    /// About how many bytes the parts hold.
    public var byteCount: Int { reduce(0) { $0 + $1.byteCount } }
}
