public import PlenumCore

extension Engine {
    /// Takes over the conversations of a file: Plenum's own export, ChatGPT's or Claude's, which is known by its shape.
    ///
    /// What is here already stays as it is, so that a file may be imported again, also after it has grown or after an import
    /// that broke off. A conversation that cannot be read or written is told of and keeps no other back.
    /// - Parameters:
    ///   - file: the bytes of the file.
    ///   - digest: what ids are made with of a foreign file's.
    ///   - progress: told after each conversation how far the import has come.
    /// - Throws: `invalidRequest` for a file that is none of these, and what keeps anything from being written.
    public func importConversations(
        _ file: [UInt8],
        digest: ImportDigest,
        progress: (ImportProgress) -> Void = { _ in }
    ) async throws(PlenumError) -> ImportReport {
        try checkOpen()
        var file = try ImportFile(file)
        var importer = Importer(file.format, storage: storage, recorder: recorder)
        while let json = try file.next() {
            switch plan(of: json, in: file.format, digest) {
            case .success(let plan): try await importer.add(plan)
            case .failure(let error): importer.fail(Self.name(of: json), error)
            }
            progress(ImportProgress(bytes: file.position, total: file.byteCount, report: importer.report))
            if Task.isCancelled {
                throw PlenumError(.cancelled, "The import was broken off; the same file goes on with it.")
            }
            // A large file must not hold up those who wait for this thread.
            await Task.yield()
        }
        try await importer.finish()
        progress(ImportProgress(bytes: file.byteCount, total: file.byteCount, report: importer.report))
        return importer.report
    }

    private func plan(
        of json: JSONValue,
        in format: ImportFormat,
        _ digest: ImportDigest
    ) -> Result<ImportPlan, PlenumError> {
        Result { () throws(PlenumError) in try ImportPlan(of: json, in: format, digest, now: clock.now()) }
    }

    /// What a conversation that cannot be read is called.
    private static func name(of json: JSONValue) -> String {
        let names = [
            json["conversation"]?["title"], json["conversation"]?["id"], json["title"], json["name"],
            json["conversation_id"], json["uuid"], json["id"],
        ]
        return names.lazy.compactMap { $0?.string }.first { !$0.isEmpty } ?? "without a name"
    }
}
