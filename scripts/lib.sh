# What the scripts share. Sourced, never run.

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# Says what to do when there is no Swift.
need_swift() {
    command -v swift >/dev/null 2>&1 && return
    die "Swift is missing. Plenum needs Swift 6.2 or later: https://www.swift.org/install/linux/
Then run this script again."
}

# Installs Debian packages that are not there yet.
need_packages() {
    missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null 2>&1 || die "These packages are missing: ${missing[*]}. Install them as your system does."
    say "Installing ${missing[*]}"
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Installs packages that are good to have: without them something is plainer, and nothing fails.
want_packages() {
    (need_packages "$@") || say "Going on without them: answers show code and formulas as they are written."
}

libraries=(libcurl4-openssl-dev libsqlite3-dev libpq-dev zlib1g-dev)
# What the page uses beyond its own files: colours of code, formulas, the words of PDFs.
page_libraries=(node-prismjs libjs-katex poppler-utils)

# Builds the program that is served, with Swift's runtime inside: calls into it are a sixth of a request's work, and cost
# less without the detour of a library; the program also runs where Swift is not installed. What the compiler cannot prove
# of exclusive access is checked in debug builds and tests; here the check would cost a twentieth of the speed. Inlining
# across modules gives another twenty-fifth.
build_release() {
    swift build -c release --product plenum --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked \
        -Xswiftc -cross-module-optimization
}
