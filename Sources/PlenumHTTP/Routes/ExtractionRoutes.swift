import Hummingbird
import PlenumCore

/// `POST /v1/extractions`: the words of a PDF, for models that read no files and for people who want to see what is sent.
struct ExtractionRoutes: Sendable {
    let bodyLimit: Int

    /// The most bytes of text that are given.
    private static let textLimit = 4 << 20

    func add(to group: RouterGroup<DoorContext>) {
        group.post("/extractions") { request, _ in
            let bytes = try await request.bytes(upTo: bodyLimit)
            let text = try await PDFText.extract(bytes, limit: Self.textLimit)
            return Response.json(["object": "extraction", "text": .string(text)])
        }
    }
}
