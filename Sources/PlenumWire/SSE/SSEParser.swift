public import PlenumCore

/// Splits a byte stream into server-sent events (WHATWG HTML section 9.2), cut anywhere.
///
/// Bytes are looked at once, whatever the cuts are. Line ends may be LF, CRLF or CR; comments, a byte order mark and
/// `data` in several lines are understood. The last event may lack its blank line, as some servers leave it out.
public struct SSEParser: Sendable {
    /// The most bytes that an event may have before its blank line.
    public static let maximumEventSize = 16 << 20

    /// Bytes from the start of the event that is not complete yet.
    private var buffer: [UInt8] = []
    private var scanned = 0
    private var lineStart = 0
    private var event = Fields()
    private var skipsLineFeed = false
    private var usesCRLF = false
    private var isFirstLine = true
    /// Lines that are no field of the format: Gemini's raw JSON error after its events, or an answer that is no stream.
    private(set) var strayLines: [UInt8] = []
    /// Whether there was no data so far: then the whole may be something else, and is kept.
    private(set) var isBare = true

    /// Makes a parser.
    public init() {}

    /// Takes bytes.
    /// - Returns: the complete events among all bytes so far that were not given yet.
    /// - Throws: ``PlenumError/Code/badUpstream`` for an event over ``maximumEventSize``.
    public mutating func feed(_ bytes: [UInt8]) throws(PlenumError) -> SSEBatch {
        if buffer.isEmpty { buffer = bytes } else { buffer += bytes }
        let batch = takeComplete(atEnd: false)
        guard buffer.count <= Self.maximumEventSize else {
            throw PlenumError(.badUpstream, "The provider sent an event of more than 16 MB; ask for less at a time.")
        }
        return batch
    }

    /// Takes the end of the stream and gives what is left, the last event too if its blank line is missing.
    public mutating func finish() -> SSEBatch { takeComplete(atEnd: true) }

    private mutating func takeComplete(atEnd: Bool) -> SSEBatch {
        var events: [SSEEvent] = []
        var complete = 0
        while let line = nextLine(atEnd: atEnd) {
            guard line.isEmpty else {
                take(line)
                continue
            }
            if let done = event.finished(raw: complete..<lineStart) { events.append(done) }
            event = Fields()
            complete = lineStart
        }
        if atEnd {
            if let done = event.finished(raw: complete..<buffer.count) { events.append(done) }
            complete = buffer.count
        }
        return SSEBatch(bytes: detach(complete), events: events)
    }

    /// Takes the complete bytes out of the buffer; without a copy if they are all of it.
    private mutating func detach(_ complete: Int) -> [UInt8] {
        guard complete > 0 else { return [] }
        let taken: [UInt8]
        if complete == buffer.count {
            taken = buffer
            buffer = []
        } else {
            taken = Array(buffer[..<complete])
            buffer = Array(buffer[complete...])
        }
        scanned -= complete
        lineStart -= complete
        event.shift(by: -complete)
        return taken
    }

    /// Finds the next line, without its end; `nil` if it is not complete.
    private mutating func nextLine(atEnd: Bool) -> Range<Int>? {
        if skipsLineFeed, lineStart < buffer.count {
            skipsLineFeed = false
            if buffer[lineStart] == 0x0A {
                usesCRLF = true
                lineStart += 1
                scanned = max(scanned, lineStart)
            }
        }
        let start = lineStart
        guard let end = lineEnd() else {
            scanned = buffer.count
            guard atEnd, start < buffer.count else { return nil }
            lineStart = buffer.count
            return start..<buffer.count
        }
        var next = end + 1
        if buffer[end] == 0x0D {
            if next < buffer.count {
                if buffer[next] == 0x0A {
                    usesCRLF = true
                    next += 1
                }
            } else if usesCRLF, !atEnd {
                scanned = end
                return nil
            } else {
                skipsLineFeed = true
            }
        }
        lineStart = next
        scanned = next
        return start..<end
    }

    private func lineEnd() -> Int? {
        buffer.withUnsafeBufferPointer { text in
            var at = scanned
            while at < text.count {
                if text[at] == 0x0A || text[at] == 0x0D { return at }
                at += 1
            }
            return nil
        }
    }

    private mutating func take(_ span: Range<Int>) {
        var line = span
        if isFirstLine {
            isFirstLine = false
            if buffer[line].starts(with: [0xEF, 0xBB, 0xBF]) { line = line.lowerBound + 3..<line.upperBound }
        }
        let colon = buffer[line].firstIndex(of: UInt8(ascii: ":"))
        guard colon != line.lowerBound, !line.isEmpty else { return }
        let name = buffer[line.lowerBound..<(colon ?? line.upperBound)]
        var value = colon.map { $0 + 1..<line.upperBound } ?? line.upperBound..<line.upperBound
        if let first = buffer[value].first, first == 0x20 { value = value.lowerBound + 1..<value.upperBound }
        if name.elementsEqual("data".utf8) {
            isBare = false
            event.addData(value, buffer)
        } else if name.elementsEqual("event".utf8) {
            event.name = value
        } else if !name.elementsEqual("id".utf8), !name.elementsEqual("retry".utf8),
            strayLines.count < (isBare ? Self.maximumEventSize : 1 << 16)
        {
            strayLines += buffer[line]
            strayLines.append(0x0A)
        }
    }

    /// The fields of the event that is being read.
    private struct Fields: Sendable {
        var name: Range<Int>?
        private var data: Range<Int>?
        private var joined: [UInt8]?

        mutating func addData(_ line: Range<Int>, _ buffer: [UInt8]) {
            guard let first = data else {
                data = line
                return
            }
            // It grows in place: an event may be millions of lines.
            if joined == nil { joined = Array(buffer[first]) }
            joined?.append(0x0A)
            joined?.append(contentsOf: buffer[line])
        }

        mutating func shift(by distance: Int) {
            name = name.map { $0.lowerBound + distance..<$0.upperBound + distance }
            data = data.map { $0.lowerBound + distance..<$0.upperBound + distance }
        }

        func finished(raw: Range<Int>) -> SSEEvent? {
            guard let data else { return nil }
            return SSEEvent(nameSpan: name, data: data, joined: joined, raw: raw)
        }
    }
}

/// One server-sent event, as spans of the bytes of its batch.
public struct SSEEvent: Sendable, Hashable {
    /// The span of the name, if there is one.
    let nameSpan: Range<Int>?
    /// The span of the first line of data.
    let data: Range<Int>
    /// The data, if it came in several lines.
    let joined: [UInt8]?
    /// The span of the whole event with its blank line and the comments before it.
    public let raw: Range<Int>
}

/// What one feed completed.
public struct SSEBatch: Sendable, Hashable {
    /// The bytes as they came: events, comments and blank lines, up to the last blank line.
    public let bytes: [UInt8]
    /// The events in them that have data.
    public let events: [SSEEvent]

    /// The name of an event; `nil` if it has none.
    public func name(of event: SSEEvent) -> String? {
        event.nameSpan.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The data of an event, several lines joined with LF.
    public func data(of event: SSEEvent) -> [UInt8] {
        event.joined ?? Array(bytes[event.data])
    }

    /// The data of an event as a span of some bytes, without a copy where it is one line.
    func source(of event: SSEEvent) -> (bytes: [UInt8], span: Range<Int>) {
        if let joined = event.joined { return (joined, 0..<joined.count) }
        return (bytes, event.data)
    }
}
