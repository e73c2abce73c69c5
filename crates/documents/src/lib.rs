//! Tables from and to Excel and CSV; documents to PDF.
