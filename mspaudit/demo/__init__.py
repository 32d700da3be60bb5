"""An invented portfolio whose fourteen months are lived through the product's own actions."""
