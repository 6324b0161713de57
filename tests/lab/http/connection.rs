//! A connection for more than one request.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};

use super::{LabError, Response, connect, has_body, read_response};

/// A connection that stays open, so that the same worker of the peer answers all its requests.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Self, LabError> {
        let stream = connect(IpAddr::V4(Ipv4Addr::LOCALHOST), address);
        let stream = stream.map_err(LabError::io(format!("connect to {address}")))?;
        Ok(Self { address, stream })
    }

    /// Sends the bytes of one request and reads the one response.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Response, LabError> {
        let doing = || format!("exchange with {}", self.address);
        self.stream.write_all(request).map_err(LabError::io(doing()))?;
        let bytes = read_response(&mut self.stream, request).map_err(LabError::io(doing()))?;
        Response::parse(&bytes, has_body(request))
    }
}
