import Foundation
import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTransport

/// Looks at the storage that a server would use, or does use at this moment.
struct StorageExamination {
    let settings: Settings
    let transport: CurlTransport

    /// Examines what is configured; what cannot be examined is a finding too.
    func examine(_ common: CommonOptions) async -> StorageDiagnosis {
        do {
            let url = try settings.storageURL(common.storage)
            if let diagnosis = try await url.diagnose(environment: { settings[$0] }, now: { EngineClock.system.now() })
            {
                return diagnosis
            }
            return await judge(url, try await url.status(environment: { settings[$0] }))
        } catch {
            return StorageDiagnosis(findings: [StorageFinding(.problem, Self.sentence(error))])
        }
    }

    private static func sentence(_ error: any Error) -> String { (error as? PlenumError)?.message ?? "\(error)" }

    private func judge(_ url: StorageURL, _ status: StorageStatus) async -> StorageDiagnosis {
        var diagnosis = StorageDiagnosis()
        guard case .sqlite(let path) = url else {
            diagnosis.add(.warning, "\(status.address): nothing outlives the process.")
            return diagnosis
        }
        guard status.exists else {
            judgePlace(path, &diagnosis)
            return diagnosis
        }
        if let refusal = status.refusal {
            diagnosis.add(.problem, refusal.message)
        } else if let holder = status.holder {
            await judgeServer(path, holder, &diagnosis)
        } else if status.schema == StorageStatus.knownSchema {
            await judgeWriting(url, path, &diagnosis)
        } else {
            diagnosis.add(
                .fine,
                "\(path): schema \(status.schema ?? 0); the next start brings it to \(StorageStatus.knownSchema)."
            )
        }
        return diagnosis
    }

    /// A database that is not there yet: whether it can be made.
    private func judgePlace(_ path: String, _ diagnosis: inout StorageDiagnosis) {
        var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
            folder.deleteLastPathComponent()
        }
        if FileManager.default.isWritableFile(atPath: folder.path) {
            diagnosis.add(.fine, "\(path): not there yet; the first start makes it.")
        } else {
            diagnosis.add(.problem, "\(path) cannot be made: give this user the right to write \(folder.path).")
        }
    }

    private func judgeWriting(_ url: StorageURL, _ path: String, _ diagnosis: inout StorageDiagnosis) async {
        do throws(PlenumError) {
            let storage = try await settings.open(url)
            do throws(PlenumError) {
                try await storage.probe()
            } catch {
                await storage.close()
                throw error
            }
            await storage.close()
            diagnosis.add(.fine, "\(path): writes and keeps.")
        } catch {
            diagnosis.add(.problem, error.message)
        }
    }

    /// A database that is in use: whether the server that has it is well.
    private func judgeServer(_ path: String, _ holder: String, _ diagnosis: inout StorageDiagnosis) async {
        diagnosis.add(.fine, "\(path): in use by process \(holder).")
        let server = "http://\(settings["PLENUM_HOST"] ?? "127.0.0.1"):\(settings["PLENUM_PORT"] ?? "8080")"
        switch (await get(server + "/livez"), await get(server + "/readyz")) {
        case (200, 200): diagnosis.add(.fine, "The server at \(server) runs and can write.")
        case (200, _): diagnosis.add(.problem, "The server at \(server) runs but cannot write: look at its log.")
        default:
            diagnosis.add(
                .warning,
                "No server answers at \(server): set PLENUM_HOST and PLENUM_PORT as process \(holder) has them."
            )
        }
    }

    private func get(_ url: String) async -> Int? {
        var request = TransportRequest(url: url)
        request.method = "GET"
        request.timeouts.connect = .seconds(1)
        request.timeouts.responseHead = .seconds(3)
        request.timeouts.total = .seconds(3)
        return try? await transport.fetch(request, limit: 1 << 20).status
    }
}
