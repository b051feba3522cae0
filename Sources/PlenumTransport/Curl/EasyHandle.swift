internal import CCurl

/// Owns one easy handle of libcurl, which serves one exchange after another.
///
/// It belongs to the reactor's thread.
///
/// What never changes is set once; each request overwrites everything that differs between two requests.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let configuration: CurlConfiguration
    private let reactor: UnsafeMutableRawPointer
    /// The ``Exchange`` that gets head and body, unretained.
    var receiver: UnsafeMutableRawPointer? {
        didSet { setCallbacks() }
    }

    private let errorText = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers = HeaderList()
    private var caFile: String?

    /// Makes a handle whose sockets a ``Reactor``, given unretained, opens and closes.
    init(configuration: CurlConfiguration, reactor: UnsafeMutableRawPointer) throws(TransportError) {
        guard let pointer = curl_easy_init() else { throw .outOfMemory }
        self.pointer = pointer
        self.configuration = configuration
        self.reactor = reactor
        errorText.initialize(repeating: 0)
        setConstants()
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// Prepares the next exchange.
    ///
    /// The request must stay alive, unchanged, until that exchange has ended.
    func prepare(_ request: TransportRequest) {
        errorText[0] = 0
        if caFile != request.caFile { trust(request.caFile) }
        set(CURLOPT_URL, string: request.url)
        setMethod(of: request)
        set(CURLOPT_BUFFERSIZE, request.receiveBufferSize ?? configuration.receiveBufferSize)
        plenum_easy_set_list(pointer, CURLOPT_HTTPHEADER, headers.fill(with: request.headers))
        let milliseconds = request.timeouts.connect.wholeNanoseconds / 1_000_000
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, min(Int(milliseconds), Int(Int32.max))))
    }

    /// Libcurl's own words about the failure, or its general ones for the code.
    func errorText(for code: CURLcode) -> String {
        errorText[0] == 0
            ? String(cString: curl_easy_strerror(code)) : String(cString: errorText.baseAddress!)
    }

    /// The body's length as announced in the head, if it was.
    var contentLength: Int? {
        var length: curl_off_t = -1
        plenum_easy_get_offset(pointer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length)
        return length < 0 ? nil : Int(length)
    }
}

extension EasyHandle {
    private func setConstants() {
        set(CURLOPT_ERRORBUFFER, pointer: errorText.baseAddress)
        set(CURLOPT_NOSIGNAL, 1)
        // Else removing a handle would wait for a name look-up that is under way.
        set(CURLOPT_QUICK_EXIT, 1)
        // HTTP/2 of libcurl before 8.0 can report an aborted body as complete.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_PROTOCOLS_STR, string: "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        // The empty string also switches off the proxies of the environment.
        set(CURLOPT_PROXY, string: "")
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_MAXAGE_CONN, Int(configuration.idleConnectionAge.components.seconds))
        set(CURLOPT_DNS_CACHE_TIMEOUT, Int(configuration.nameCacheAge.components.seconds))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 15)
    }

    private func setCallbacks() {
        plenum_easy_on_open_socket(pointer, openSocket)
        set(CURLOPT_OPENSOCKETDATA, pointer: reactor)
        plenum_easy_on_close_socket(pointer, closeSocket)
        set(CURLOPT_CLOSESOCKETDATA, pointer: reactor)
        plenum_easy_on_data(pointer, CURLOPT_HEADERFUNCTION, receiveHeaderLine)
        set(CURLOPT_HEADERDATA, pointer: receiver)
        plenum_easy_on_data(pointer, CURLOPT_WRITEFUNCTION, receiveBody)
        set(CURLOPT_WRITEDATA, pointer: receiver)
        set(CURLOPT_PRIVATE, pointer: receiver)
    }

    private func setMethod(of request: TransportRequest) {
        let custom: String?
        switch request.method {
        case "GET" where request.body.isEmpty:
            set(CURLOPT_HTTPGET, 1)
            custom = nil
        case "HEAD" where request.body.isEmpty:
            set(CURLOPT_HTTPGET, 1)
            set(CURLOPT_NOBODY, 1)
            custom = nil
        case "POST":
            setBody(request.body)
            custom = nil
        default:
            if request.body.isEmpty { set(CURLOPT_HTTPGET, 1) } else { setBody(request.body) }
            custom = request.method
        }
        set(CURLOPT_CUSTOMREQUEST, string: custom)
    }

    /// Lends the body to libcurl without a copy.
    ///
    /// An array's elements stay where they are as long as the array is held and not changed, and the exchange holds
    /// its request, which is constant, until libcurl is done with it.
    private func setBody(_ body: [UInt8]) {
        set(CURLOPT_POST, 1)
        plenum_easy_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { bytes in
            // Without an address libcurl would ask a read callback for the body.
            let address = bytes.baseAddress ?? UnsafeRawPointer(errorText.baseAddress!)
            _ = plenum_easy_set_pointer(pointer, CURLOPT_POSTFIELDS, address)
        }
    }

    /// Changes the authorities.
    ///
    /// The system's own can be had back only by a reset, after which all is set again.
    private func trust(_ file: String?) {
        caFile = file
        curl_easy_reset(pointer)
        setConstants()
        setCallbacks()
        if let file {
            set(CURLOPT_CAINFO, string: file)
            set(CURLOPT_CAPATH, string: nil)
        }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        plenum_easy_set_long(pointer, option, value)
    }

    private func set(_ option: CURLoption, string: String?) {
        plenum_easy_set_string(pointer, option, string)
    }

    private func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        plenum_easy_set_pointer(pointer, option, value)
    }
}

private let openSocket: curl_opensocket_callback = {
    Unmanaged<Reactor>.fromOpaque($0!).takeUnretainedValue().openSocket(at: $2!.pointee)
}

private let closeSocket: curl_closesocket_callback = {
    Unmanaged<Reactor>.fromOpaque($0!).takeUnretainedValue().closeSocket($1)
}

private let receiveHeaderLine: curl_write_callback = {
    let line = UnsafeRawBufferPointer(start: $0, count: $1 * $2)
    return Unmanaged<Exchange>.fromOpaque($3!).takeUnretainedValue().receive(headerLine: line)
}

private let receiveBody: curl_write_callback = {
    let bytes = UnsafeRawBufferPointer(start: $0, count: $1 * $2)
    return Unmanaged<Exchange>.fromOpaque($3!).takeUnretainedValue().receive(body: bytes)
}
