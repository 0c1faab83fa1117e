"""Figures for planning as files: CSV, XLSX, JSON, and sheets for the assembly of mayors."""
