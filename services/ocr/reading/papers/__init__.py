"""What a paper that is no known form is, by its words and its picture: pure functions, no file is opened here.

Place in the pipeline: called by the text lane in the sandbox, after the words were read; `paper` joins the rest.
Trust level: untrusted words and pixels in, codes and boxes out. Residual risk: everything here is a likeness;
where two answers are about as likely, none is given.

Boxes and pixels are those of the page's picture, 110 dpi of a letter page.
"""
