//! As much HTTP as a voter needs: one connection, kept open, JSON both ways.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

const ANSWERS_WITHIN: Duration = Duration::from_mins(1);

/// A connection to a server, opened when it is first needed.
pub(crate) struct Client {
    address: SocketAddr,
    token: String,
    connection: Option<BufReader<TcpStream>>,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Null where the body is no JSON.
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, token: &str) -> Self {
        Self {
            address,
            token: token.to_owned(),
            connection: None,
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, "", "")
    }

    /// Posts JSON under an idempotency key.
    pub(crate) fn post(&mut self, path: &str, key: &str, body: &Value) -> io::Result<Answer> {
        self.ask("POST", path, key, &body.to_string())
    }

    fn ask(&mut self, method: &str, path: &str, key: &str, body: &str) -> io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for (name, value) in [
            ("authorization", bearer(&self.token)),
            ("idempotency-key", key.to_owned()),
        ] {
            if !value.is_empty() {
                request.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if !body.is_empty() {
            request.push_str(&format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            ));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let connection = self.connection()?;
        connection.get_mut().write_all(request.as_bytes())?;
        read_answer(connection)
    }

    fn connection(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        if self.connection.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
            stream.set_nodelay(true)?;
            self.connection = Some(BufReader::new(stream));
        }
        self.connection
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

fn bearer(token: &str) -> String {
    if token.is_empty() {
        String::new()
    } else {
        format!("Bearer {token}")
    }
}

fn read_answer(connection: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let status = line(connection)?;
    let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or(io::ErrorKind::InvalidData)?;
    let mut length = 0;
    loop {
        let header = line(connection)?;
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value
                .trim()
                .parse()
                .map_err(|_| io::ErrorKind::InvalidData)?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(Answer {
        status,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}

fn line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 || !line.ends_with('\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
