//! HTTP/1.1 as raw bytes: tests must be able to send what no client library would.

mod connection;
mod response;

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::LabError;
pub use connection::Connection;
pub use response::Response;
pub(crate) use response::{Head, content_length, is_chunked, parse_head, unchunk};

/// Sends the bytes of one request on a connection of its own and reads the one response.
pub fn exchange(address: SocketAddr, request: &[u8]) -> Result<Response, LabError> {
    exchange_from(IpAddr::V4(Ipv4Addr::LOCALHOST), address, request)
}

/// The same from a given source address, for example `127.0.0.7`.
pub fn exchange_from(
    source: IpAddr,
    address: SocketAddr,
    request: &[u8],
) -> Result<Response, LabError> {
    let doing = || format!("exchange with {address}");
    let mut stream = connect(source, address).map_err(LabError::io(doing()))?;
    stream.write_all(request).map_err(LabError::io(doing()))?;
    let bytes = read_response(&mut stream, request).map_err(LabError::io(doing()))?;
    Response::parse(&bytes, has_body(request))
}

/// A plain GET.
pub fn get(address: SocketAddr, path: &str) -> Result<Response, LabError> {
    exchange(address, &request("GET", path, &address.to_string(), &[]))
}

/// The bytes of a request without body. Header values are bytes, so that they need not be text.
pub fn request(method: &str, path: &str, host: &str, headers: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"connection: close\r\n\r\n");
    bytes
}

fn connect(source: IpAddr, address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if source.is_ipv4() == address.is_ipv4() {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    socket.connect_timeout(&address.into(), TIMEOUT)?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Reads until the response is whole or the peer closes.
fn read_response(stream: &mut TcpStream, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let length = match stream.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // A server may refuse a request before it has read it all; what it said until then counts.
            Err(_) if !bytes.is_empty() => 0,
            Err(error) => return Err(error),
        };
        bytes.extend(buffer.iter().take(length));
        if length == 0 || Response::is_whole(&bytes, has_body(request)) {
            return Ok(bytes);
        }
    }
}

/// The answer to HEAD has the length of a body but no body.
fn has_body(request: &[u8]) -> bool {
    !request.starts_with(b"HEAD ")
}

const TIMEOUT: Duration = Duration::from_mins(1);
